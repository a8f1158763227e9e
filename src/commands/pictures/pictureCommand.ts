import type { SampleWork } from '../../batch/work/sampleWork.ts';
import type { InterleavedPicture, Picture, Planes } from '../../core.ts';
import type { EncodeOptions, ImageFormat } from '../../files/encode/encodeImage.ts';
import type { AlphaPolicy } from '../../files/readImage.ts';
import type { PictureShape, Room, StoredPicture } from '../../planes/picture.ts';
import type { Remark } from './remarks.ts';

/** What a command makes of one picture. */
export interface Outcome {
  readonly picture: Planes | Picture;
  readonly encode?: Pick<EncodeOptions, 'rounding'>;
  /** What the command found out on the way, for the JSON report. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface PictureCommand {
  readonly name: string;
  /** Everything that decides the result, as the report and the opening line tell it. */
  readonly configuration: Readonly<Record<string, unknown>>;
  /** What the command was told to read beside the pictures: paths, or words that may be paths. */
  readonly reads: readonly string[];
  /** What is said at the end of the pictures whose facts ask for it. */
  readonly remarks?: readonly Remark[];
  /** Whether results are pictures, most of which should not be white; maps of edges may be. */
  readonly isFilter?: boolean;
  readonly read: { readonly alpha: AlphaPolicy; readonly linear: boolean };
  /** About what the work takes of memory, and the samples that it makes, of a picture that is yet to be decoded. */
  room(picture: PictureShape, output: SampleOutput): Room;
  work(picture: Picture, output: Pick<SampleOutput, 'isRaw'>): Outcome | Promise<Outcome>;
  /** The same without a whole picture of planes, where that can be: from stored samples to stored samples, as plain data. */
  workOnSamples(stored: StoredPicture, output: SampleOutput): SampleOutcome | undefined;
}

export interface SampleOutput {
  readonly format: ImageFormat;
  readonly depth: 8 | 16;
  /** Whether floats are written: then a response stays as it is, sign and all, unless a map is asked for. */
  readonly isRaw: boolean;
}

/** What a command wants made of one picture's samples. */
export interface SampleOutcome {
  /** The samples that take part: all, or all but alpha. */
  readonly picture: InterleavedPicture;
  readonly work: SampleWork;
  /** Beside what the work finds out. */
  readonly facts: Outcome['facts'];
}
