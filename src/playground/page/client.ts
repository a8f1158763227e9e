import type { LearnedShown } from '../../report/data.ts';
import type { Answer, Applied, OpenedPicture, Question, Side } from '../protocol.ts';
import type { State } from '../state.ts';

type Asked = Question extends infer One ? (One extends Question ? Omit<One, 'id'> : never) : never;
type Kind = Answer['kind'];
type Of<K extends Kind> = Extract<Answer, { kind: K }>;

/** The worker that computes, and what it was told of pictures: where it is ended, another one takes its place. */
export class Client {
  private worker = startWorker();
  private id = 0;
  private readonly waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (reason: Error) => void }>();
  private readonly files = new Map<Side, { readonly name: string; readonly file: Blob }>();

  constructor() {
    this.listen();
  }

  async open(side: Side, name: string, file: Blob): Promise<OpenedPicture> {
    const { picture } = await this.ask<'opened'>({ kind: 'open', side, name, file });
    this.files.set(side, { name, file });
    return picture;
  }

  async apply(state: State): Promise<Applied> {
    return (await this.ask<'applied'>({ kind: 'apply', state })).result;
  }

  async learn(names: readonly [string, string]): Promise<{ learned: LearnedShown; seconds: number }> {
    return this.ask<'learned'>({ kind: 'learn', names });
  }

  async save(): Promise<Blob> {
    return (await this.ask<'saved'>({ kind: 'save' })).file;
  }

  /** Ends whatever is computed: those who wait for it are told so. */
  stop(): void {
    this.worker.terminate();
    for (const { reject } of this.waiting.values()) reject(new Stopped());
    this.waiting.clear();
    this.worker = startWorker();
    this.listen();
    for (const [side, { name, file }] of this.files) void this.open(side, name, file).catch(() => {});
  }

  private ask<K extends Kind>(asked: Asked): Promise<Of<K>> {
    const id = ++this.id;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (answer: Answer) => void, reject });
      this.worker.postMessage({ id, ...asked });
    });
  }

  private listen(): void {
    this.worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const one = this.waiting.get(data.id);
      this.waiting.delete(data.id);
      if (data.kind === 'refused') one?.reject(new Error(data.message));
      else one?.resolve(data);
    });
    this.worker.addEventListener('error', ({ message }) => {
      const reason = new Error(`Expected a worker of this page to run, but: ${message || 'it could not be loaded'}`);
      for (const { reject } of this.waiting.values()) reject(reason);
      this.waiting.clear();
    });
  }
}

/** That the visitor ended the work. */
export class Stopped extends Error {}

function startWorker(): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}
