import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as apps from 'kubernetes-models/apps/v1';
import * as batch from 'kubernetes-models/batch/v1';
import * as core from 'kubernetes-models/v1';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { CLI, command, type Running, start } from '../batch/command.ts';
import { makeTree } from '../batch/tree.ts';
import { differing, linesIn, place, until } from '../queue/commands/workers.ts';
import { withoutRedis } from '../queue/redis.ts';
import { inCheckout } from '../support/checkout.ts';

// What the examples say is run here as processes: a server on a free port in place of the service, a folder in place of the volume.

const textOf = (name: string): string => readFileSync(inCheckout('examples/queue', name), 'utf8');

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly working_dir?: string;
}

interface Manifest {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
    readonly replicas?: unknown;
  };
}

interface Container {
  readonly args: readonly string[];
  readonly command?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

const manifests = parseAllDocuments(textOf('kubernetes.yaml')).map((document) => document.toJS() as Manifest);
const MODELS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  'apps/v1': apps,
  'batch/v1': batch,
};

function validate(manifest: Manifest): void {
  const Model = MODELS[manifest.apiVersion][manifest.kind] as new (data: unknown) => { validate(): void };
  new Model(manifest).validate();
}

function containerOf(name: string): Container {
  const found = manifests.find(({ kind, metadata }) => kind !== 'Service' && metadata.name === name);
  const [container] = found?.spec.template?.spec.containers ?? [];
  return container;
}

describe('kubernetes.yaml', () => {
  test.each(manifests.map((manifest) => [`${manifest.kind} ${manifest.metadata.name}`, manifest] as const))(
    '%s is what the schema of Kubernetes says',
    (_, manifest) => {
      expect(() => validate(manifest)).not.toThrow();
    },
  );

  test('the schema refuses what it should', () => {
    const wrong = manifests.map((one) => ({ ...one, spec: { ...one.spec, replicas: 'eight' } }));
    for (const one of wrong.filter(({ kind }) => kind === 'Deployment'))
      expect(() => validate(one)).toThrow('replicas');
    expect(wrong.map(({ kind }) => kind)).toContain('Deployment');
  });

  test('its workers make what its job asks for, with its password', { tags: ['slow'] }, async ({ skip }) => {
    if (withoutRedis !== undefined) skip(withoutRedis);
    const [worker, job] = [containerOf('corr2d-worker'), containerOf('corr2d-detect')];
    const at = await place(8, 160, ['--requirepass', 'secret']);
    const env = (container: Container): NodeJS.ProcessEnv => ({
      CORR2D_QUEUE: container.env[0].value?.replace('//corr2d-redis/', `//127.0.0.1:${at.redis.port}/`),
      CORR2D_QUEUE_PASSWORD: 'secret',
    });
    const words = worker.args.map((word) => (word === '/photos' ? at.root : word));
    const working = start(words, { cwd: '/', env: env(worker) });
    const ended = await command(job.args, { cwd: at.root, env: env(job) });
    working.kill('SIGTERM');
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('8 pictures') as string });
    expect((await working.ended).status).toBe(0);
    await expectLikeLocal(at.root, at.names);
  });
});

/** Whether a worker has begun: before it has, a signal ends it as it does any program. */
const isAtWork = (worker: Running): boolean => worker.stderr().includes('takes pictures from');

test('compose.yaml: its workers make what its run asks for', { tags: ['slow'] }, async ({ skip }) => {
  if (withoutRedis !== undefined) skip(withoutRedis);
  const { services } = parse(textOf('compose.yaml')) as { services: { worker: Service; detect: Service } };
  const { worker, detect } = services;
  const at = await place(8);
  const here = (word: string): string => (word === '/photos' ? at.root : word);
  const env = ({ environment }: Service): NodeJS.ProcessEnv => ({
    CORR2D_QUEUE: environment['CORR2D_QUEUE'].replace('//redis/', `//127.0.0.1:${at.redis.port}/`),
  });
  const working = [1, 2].map(() => start(worker.command.map(here), { cwd: '/', env: env(worker) }));
  await until('workers that wait', () => working.every(isAtWork));
  const ended = await command(detect.command, { cwd: here(detect.working_dir ?? ''), env: env(detect) });
  for (const one of working) one.kill('SIGTERM');
  expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('8 pictures') as string });
  for (const one of working) expect((await one.ended).status).toBe(0);
  await expectLikeLocal(at.root, at.names);
});

test('slurm.sh: its jobs make what was queued, and end', { tags: ['slow'] }, async ({ skip }) => {
  if (withoutRedis !== undefined) skip(withoutRedis);
  const at = await place(8);
  const { root, redis, names } = at;
  const bin = makeTree();
  writeFileSync(join(bin, 'corr2d'), `#!/bin/sh\nexec '${process.execPath}' '${CLI}' "$@"\n`);
  chmodSync(join(bin, 'corr2d'), 0o755);
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    CORR2D_QUEUE: redis.queue,
    PHOTOS: root,
    SLURM_CPUS_PER_TASK: '1',
    SLURM_MEM_PER_NODE: '4096',
  };
  const queued = await command(['detect', 'in', '--recursive', '--output', 'edges', '--queue', 'auto', '--detach'], {
    cwd: root,
    env,
  });
  expect(queued.status).toBe(0);
  const script = `exec bash '${inCheckout('examples/queue/slurm.sh')}'`;
  const jobs = [0, 1].map((task) =>
    command([], { cwd: '/', script, env: { ...env, SLURM_ARRAY_TASK_ID: String(task) } }),
  );
  for (const job of jobs)
    expect(await job).toMatchObject({ status: 0, stderr: expect.stringContaining('ended after') as string });
  expect(await command(['merge', 'edges'], { cwd: root })).toMatchObject({
    status: 0,
    stderr: expect.stringContaining('8 pictures of workers') as string,
  });
  await expectLikeLocal(root, names);
});

async function expectLikeLocal(root: string, names: readonly string[]): Promise<void> {
  expect((await command(['detect', 'in', '-o', 'local', '-q'], { cwd: root })).status).toBe(0);
  expect(differing(join(root, 'edges'), join(root, 'local'), names)).toEqual([]);
  expect(await linesIn(join(root, 'edges'))).toEqual(await linesIn(join(root, 'local')));
}
