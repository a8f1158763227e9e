import { learnEither } from '../commands/learn/learnAs.ts';
import { channelOf, ExpectationError, fromImageData, type InterleavedPicture, type Picture } from '../core.ts';
import { apply } from './apply.ts';
import { learnedOf } from './learnedOf.ts';
import { imageOf, type Opened, openPicture } from './open.ts';
import type { Answer, Question, Side } from './protocol.ts';

/** A message's own answer, before it is given the question's number. */
type Told = Answer extends infer One ? (One extends Answer ? Omit<One, 'id'> : never) : never;

const opened: Partial<Record<Side, Opened>> = {};
let made: InterleavedPicture | undefined;

/** One at a time: what learns pauses between its steps. */
let last: Promise<void> = Promise.resolve();

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  last = last.then(() => answer(data));
});

async function answer(question: Question): Promise<void> {
  const { id } = question;
  try {
    const [told, transfer] = await workOn(question);
    postMessage({ id, ...told }, { transfer });
  } catch (error) {
    postMessage({ id, kind: 'refused', message: error instanceof Error ? error.message : String(error) });
  }
}

async function workOn(question: Question): Promise<[Told, Transferable[]]> {
  switch (question.kind) {
    case 'open': {
      const one = await openPicture(question.file);
      opened[question.side] = one;
      const { image, notes, picture } = one;
      const { width, height, channels } = picture;
      return [{ kind: 'opened', picture: { image, width, height, channels, notes } }, [image]];
    }
    case 'apply': {
      const { picture, seconds, facts, tables } = apply(question.state, wanted('picture').picture);
      made = picture;
      const image = imageOf(picture);
      return [{ kind: 'applied', result: { image, seconds, facts, tables } }, [image]];
    }
    case 'learn': {
      const pair = { before: pictureOf(wanted('before')), after: pictureOf(wanted('after')) };
      const start = performance.now();
      const found = await learnEither([pair], {});
      const seconds = (performance.now() - start) / 1000;
      return [{ kind: 'learned', learned: learnedOf(found, question.names), seconds }, []];
    }
    case 'save':
      return [{ kind: 'saved', file: await encoded() }, []];
  }
}

function wanted(side: Side): Opened {
  const one = opened[side];
  if (one === undefined) throw new ExpectationError(`Expected a ${side} to be opened first`);
  return one;
}

function pictureOf({ picture, lossy }: Opened): Picture {
  const { width, height, stride, samples } = picture;
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  if (stride === 4) data.set(samples);
  else for (let i = 0; i < samples.length; i++) data.fill(samples[i], 4 * i, 4 * i + 3);
  const colour = fromImageData({ data, width, height });
  return { ...colour, lossy, ...(picture.channels === 1 ? { planes: channelOf(colour.planes, 0) } : {}) };
}

async function encoded(): Promise<Blob> {
  if (made === undefined) throw new ExpectationError('Expected a result to save, but nothing was made yet');
  const image = imageOf(made);
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(image);
  return canvas.convertToBlob({ type: 'image/png' });
}
