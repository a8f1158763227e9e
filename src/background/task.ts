import type { FilterOptions } from '../correlate/filtering.ts';
import type { StoreOptions } from '../correlate/pass/storeResponse.ts';
import type { DetectOptions } from '../edges/options.ts';
import type { EvaluateOptions } from '../evaluate/evaluateEdges.ts';
import type { SampleOptions } from '../files/decode/readSamples.ts';
import type { EncodeOptions } from '../files/encode/encodeImage.ts';
import type { BoundaryOptions } from '../files/readBoundaries.ts';
import type { ReadOptions } from '../files/readImage.ts';
import type { Kernel } from '../kernels/kernel.ts';
import type { Picture } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import type { ImageSource } from '../verify/openImage.ts';
import type { CompareOptions } from '../verify/options.ts';
import type { ReadingOptions } from './reading.ts';
import type { SentPicture } from './sent.ts';

/** What another thread is to do, as plain data: it is copied there. */
export type Task =
  | { readonly kind: 'read'; readonly source: string | Uint8Array; readonly options: ReadOptions }
  | (Worked & { readonly kind: 'detect'; readonly model?: string; readonly options: DetectOptions })
  | (Worked & { readonly kind: 'filter'; readonly kernel: Kernel; readonly options: FilterOptions })
  | {
      readonly kind: 'compare';
      readonly actual: ImageSource;
      readonly golden: ImageSource;
      readonly options: CompareOptions;
    }
  | {
      readonly kind: 'evaluate';
      readonly map: string | Uint8Array;
      readonly truths: readonly (string | Uint8Array)[];
      readonly reading: ReadingOptions;
      readonly boundaries: Pick<BoundaryOptions, 'annotators' | 'truthThreshold'>;
      readonly options: EvaluateOptions;
    }
  | { readonly kind: 'encode'; readonly picture: Picture | Planes | SentPicture; readonly options: EncodeOptions };

interface Worked {
  readonly source: SentPicture | string | Uint8Array;
  readonly store: StoreOptions;
  /** How a file is read. */
  readonly reading: SampleOptions;
  /** The file that is wanted in the place of samples. */
  readonly encode: StoredEncoding | undefined;
}

/** The file that a result becomes: `.npy`, which holds numbers rather than samples, is none of them. */
export type StoredEncoding = Omit<EncodeOptions, 'alpha' | 'background' | 'depth' | 'rounding' | 'format'> & {
  readonly format: Exclude<EncodeOptions['format'], 'npy'>;
};

/** What a thread is given: the task, and where it says how much memory it takes. */
export interface TaskMessage {
  readonly task: Task;
  readonly room: SharedRoom;
}

/** A task's part in the memory that all threads share; see {@link ../background/room.ts}. */
export interface SharedRoom {
  /** KiB in use by all, then by the task of each place. */
  readonly used: Int32Array;
  readonly place: number;
  /** KiB that may be in use. */
  readonly total: number;
}

/** What a thread answers; so that an error keeps its class and code, it is put into words and made again. */
export type TaskAnswer = { readonly result: unknown } | { readonly fault: Fault };

export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly path?: string;
  readonly stack?: string;
}
