import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readQueueAddress } from '../../../src/queue/address.ts';
import { openQueue, type OpenQueue } from '../../../src/queue/connect.ts';
import { type PictureToPlan, writePlan } from '../../../src/queue/planFile.ts';
import { writeRecord } from '../../../src/queue/record.ts';
import { command } from '../../batch/command.ts';
import { inCheckout } from '../../support/checkout.ts';
import { withoutRedis } from '../redis.ts';
import { keepWorker, place, type Place, until } from './workers.ts';

// Jobs that a stranger put into the queue, who also knows how runs are recorded there and may even write below the root: nothing outside
// the root is read or written, nothing is written among what is not the run's, and the worker goes on.

const { version } = JSON.parse(readFileSync(inCheckout('package.json'), 'utf8')) as { version: string };
const hash = 'a'.repeat(64);
const RUN = '0123456789ab';
const job = {
  corr2d: 1,
  kind: 'slices',
  version,
  run: RUN,
  folder: 'out',
  sha256: hash,
  settings: hash,
  slices: [0, 1],
};

/** A run as it might be forged: with words and a plan of the stranger's own. */
interface Forged {
  readonly words?: readonly string[];
  readonly picture?: Partial<Record<'golden' | 'input' | 'output', string>> & { readonly known?: object };
  readonly command?: string;
  readonly run?: object;
  /** Of the job, in place of what it should have. */
  readonly job?: object;
  readonly folder?: string;
}

const WORDS = ['--operator=sobel'];

const forgeries: readonly (readonly [string, Forged, string])[] = [
  [
    'a command that is none',
    { command: 'learn' },
    "Expected one of detect, filter, verify for a queue's command but received learn",
  ],
  ['a command that every object has', { command: 'constructor' }, "for a queue's command but received constructor"],
  [
    'an option that says where outputs go',
    { words: [...WORDS, '--output=/tmp/elsewhere'] },
    'Expected an option that decides what outputs are',
  ],
  [
    'an option that writes a report',
    { words: [...WORDS, '--json=report.json'] },
    'Expected an option that decides what outputs are',
  ],
  [
    'another input',
    { words: [...WORDS, '/etc'] },
    'Expected an option that decides what outputs are but received /etc',
  ],
  ['a value that the command refuses', { words: ['--operator=sobel', '--color=plaid'] }, 'plaid'],
  ['an operator that there is not', { words: ['--operator=sbel'] }, 'sbel'],
  [
    'a file outside the root for a kernel',
    { words: ['--operator=/etc/hostname'] },
    "Expected a file of the run's own for a worker to read but received /etc/hostname",
  ],
  ['a file of the root for a kernel', { words: ['--operator=in/0.png'] }, "Expected a file of the run's own"],
  ['settings that are not those of the job', { job: { settings: 'b'.repeat(64) } }, 'Expected settings'],
  [
    'a file that is not the run that was queued',
    { job: { sha256: 'b'.repeat(64) } },
    'Expected the run 0123456789ab as it was queued',
  ],
  ['a run of another schema', { run: { corr2d: 2 } }, 'Expected a run of schema 1'],
  ['an absolute input', { picture: { input: '/etc/hostname' } }, 'Expected a path below the root for an input'],
  ['an input above the root', { picture: { input: '../secret.png' } }, 'Expected a path below the root for an input'],
  [
    'an output above its folder',
    { picture: { output: '../in/0.png' } },
    'Expected a path below the root for an output',
  ],
  ['an output among the run’s own files', { picture: { output: '.corr2d/journal.png' } }, 'beside our own folder'],
  [
    'an update of goldens',
    { command: 'verify', words: ['--metric=absolute', '--update'] },
    'Expected an option that decides what outputs are but received --update',
  ],
  [
    'a file outside the root for a mask',
    { command: 'verify', words: ['--metric=absolute', '--ignore-mask=/etc/hostname'] },
    "Expected a file of the run's own for a worker to read but received /etc/hostname",
  ],
  [
    'a golden above the root',
    { command: 'verify', words: ['--metric=absolute'], picture: { golden: '../secret.png', output: '0-diff.png' } },
    'Expected a path below the root for a golden',
  ],
  [
    'a golden that is known to be something else',
    {
      command: 'verify',
      words: ['--metric=absolute'],
      picture: { golden: 'in/1.png', output: '0-diff.png', known: { file: '../secret.png' } },
    },
    'Expected what is known of a golden',
  ],
  ['more slices than there are', { job: { slices: [7, 8] } }, 'Expected one of 1 slices but received 8'],
  [
    'more pictures than there are',
    { job: { pictures: [0, 9] } },
    'Expected one of 1 pictures of a slice but received 9',
  ],
];

test('jobs that are no jobs of ours', { timeout: 300_000 }, async ({ skip }) => {
  if (withoutRedis !== undefined) skip(withoutRedis);
  const at = await place(2);
  const open = await openQueue(readQueueAddress(at.redis.queue, {}), () => {});
  const worker = keepWorker(at);
  try {
    const before = everything(at.root);
    const jobs: readonly (readonly [unknown, string])[] = [
      [{ task: 'mail', to: 'someone' }, 'Expected no field beside'],
      [null, 'Expected an object in a job'],
      ['x', 'Expected an object in a job'],
      [{ ...job, corr2d: 7 }, 'Expected a job of corr2d of schema 1'],
      [{ ...job, folder: '../..' }, 'Expected a path below the root for folder'],
      [{ ...job, folder: '/etc' }, 'Expected a path below the root for folder'],
      [{ ...job, run: '../../../x' }, "Expected a run's name"],
      [{ ...job, code: 'process.exit()' }, 'Expected no field beside'],
      [{ ...job, folder: 'x'.repeat(2 ** 22) }, 'Expected a job of at most 16384 characters'],
      [job, 'Expected a run that this queue knows but received 0123456789ab'],
      [{ ...job, version: '99.0.0' }, 'Expected a run that this queue knows'],
    ];
    for (const [i, [data, message]] of jobs.entries()) await expectRefused(open, `s${i}`, data, message);
    // What is not even JSON, put there without BullMQ.
    await open.redis.hset(open.key('sbroken'), {
      name: 'slices',
      data: '{"corr2d":',
      opts: '{}',
      timestamp: '1',
      delay: '0',
      priority: '0',
    });
    await open.redis.lpush(open.key('wait'), 'sbroken');
    await open.redis.zadd(open.key('marker'), '0', '0');
    await pause(1500);
    expect(everything(at.root)).toEqual(before);
    const ended = await command(['detect', 'in', '-o', 'out', '--queue', at.redis.queue], { cwd: at.root });
    expect(ended).toMatchObject({ status: 0, stderr: expect.stringContaining('2 pictures') as string });
    expect((await worker.stop()).status).toBe(0);
  } finally {
    await open.close();
  }
});

test('runs that are forged', { tags: ['slow'], timeout: 300_000 }, async ({ skip }) => {
  if (withoutRedis !== undefined) skip(withoutRedis);
  const at = await place(2);
  writeFileSync(join(at.root, '../secret.png'), readFileSync(join(at.root, 'in/0.png')));
  const open = await openQueue(readQueueAddress(at.redis.queue, {}), () => {});
  const worker = keepWorker(at);
  try {
    for (const [i, [, forged, message]] of forgeries.entries()) {
      const data = await forge(at, open, forged, `out${i}`);
      const before = everything(at.root);
      await expectRefused(open, `s${i}`, data, message);
      expect(everything(at.root)).toEqual(before);
    }
    // Links: an input that leads out of the root, an output folder that does. Those are failures of their pictures.
    symlinkSync('/etc', join(at.root, 'in/etc'));
    symlinkSync(dirname(at.root), join(at.root, 'outside'));
    const verify = { command: 'verify', words: ['--metric=absolute'] };
    for (const [name, forged, message] of [
      ['outa', { picture: { input: 'in/etc/hostname' } }, 'leads out of it'],
      ['outb', { picture: { output: 'linked/0.png' } }, 'leads out of it'],
      ['outc', { picture: { output: 'run.sh' } }, 'Expected an output named as one of'],
      ['oute', { ...verify, picture: { golden: 'in/etc/hostname', output: '0-diff.png' } }, 'leads out of it'],
      ['outf', { ...verify, picture: { golden: 'in/1.png', output: '0.png' } }, 'Expected a pair in a plan'],
      ['outg', verify, 'Expected a pair in a plan'],
    ] as const) {
      const data = await forge(at, open, forged, name);
      if (name === 'outb') symlinkSync(join(at.root, 'in'), join(at.root, name, 'linked'));
      const outside = readdirSync(join(at.root, 'in')).toSorted();
      await open.queue.add('slices', data, { jobId: name });
      const journals = (): string[] =>
        readdirSync(join(at.root, name, '.corr2d/queue', RUN)).filter((file) => file.startsWith('journal-'));
      await until('a line', () => journals().length > 0);
      await pause(300);
      const text = journals()
        .map((file) => readFileSync(join(at.root, name, '.corr2d/queue', RUN, file), 'utf8'))
        .join('');
      expect(text).toContain(message);
      expect(text).not.toContain('"kind":"picture"');
      expect(readdirSync(join(at.root, 'in')).toSorted()).toEqual(outside);
    }
    // The folder itself a link out of the root; another version of a run that is known: left to others.
    const linked = { ...(await forge(at, open, {}, 'outd')), folder: 'outside' };
    await open.queue.add('slices', linked, { jobId: 'slinked' });
    await open.queue.add('slices', { ...linked, folder: 'outd', version: '99.0.0' }, { jobId: 'sversion' });
    await until(
      'both told of',
      () => worker.said().includes('left to others: no run') && worker.said().includes('received one of 99.0.0'),
    );
    expect(worker.said()).toContain(`Expected jobs of corr2d ${version}, as this worker is`);
    expect((await worker.stop()).status).toBe(0);
  } finally {
    await open.close();
  }
});

async function expectRefused(open: OpenQueue, jobId: string, data: unknown, message: string): Promise<void> {
  const added = await open.queue.add('slices', data, { jobId });
  await until(`a refusal: ${message}`, async () => (await added.getState()) === 'failed');
  const refused = await open.queue.getJob(jobId);
  expect(refused?.failedReason).toContain(message);
}

/** A run below the root whose every hash is right, and the job for it. */
async function forge({ root }: Place, open: OpenQueue, forged: Forged, folder: string): Promise<object> {
  const runFolder = join(root, folder, '.corr2d/queue', RUN);
  mkdirSync(runFolder, { recursive: true });
  const picture = { path: join(root, 'in/0.png'), input: 'in/0.png', rel: '0.png', output: '0.png', ...forged.picture };
  const slices = await writePlan(runFolder, [picture as PictureToPlan]);
  const [name, words] = [forged.command ?? 'detect', forged.words ?? WORDS];
  const settings = createHash('sha256')
    .update(JSON.stringify([version, name, words]))
    .digest('hex');
  const run = {
    corr2d: 1,
    kind: 'queued run',
    version,
    command: name,
    words,
    settings,
    configuration: hash,
    pictures: 1,
    slices,
    detached: false,
    process: {},
    queue: '',
    header: { kind: 'run' },
    ...forged.run,
  };
  const bytes = JSON.stringify(run);
  writeFileSync(join(runFolder, 'run.json'), bytes);
  await open.redis.del(open.key('run', RUN, 'slices'));
  await writeRecord(open, { run: RUN, version, command: name, folder, pictures: 1, slices });
  return { ...job, folder, settings, sha256: createHash('sha256').update(bytes).digest('hex'), ...forged.job };
}

/** All that stands below a folder, with its contents. */
function everything(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/redis'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => `${path} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
}
