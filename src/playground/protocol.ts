import type { LearnedShown } from '../report/data.ts';
import type { State } from './state.ts';

/** What the page asks of its worker; each answer names the question's number. */
export type Question =
  | { readonly kind: 'open'; readonly id: number; readonly side: Side; readonly name: string; readonly file: Blob }
  | { readonly kind: 'apply'; readonly id: number; readonly state: State }
  | { readonly kind: 'learn'; readonly id: number; readonly names: readonly [before: string, after: string] }
  | { readonly kind: 'save'; readonly id: number };

/** Which picture: the one that is worked on, or one of a pair to learn from. */
export type Side = 'picture' | 'before' | 'after';

export type Answer = { readonly id: number } & (
  | { readonly kind: 'opened'; readonly picture: OpenedPicture }
  | { readonly kind: 'applied'; readonly result: Applied }
  | { readonly kind: 'learned'; readonly learned: LearnedShown; readonly seconds: number }
  | { readonly kind: 'saved'; readonly file: Blob }
  | { readonly kind: 'refused'; readonly message: string }
);

export interface OpenedPicture {
  readonly image: ImageBitmap;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** What a browser's decoding changes, a sentence each. */
  readonly notes: readonly string[];
}

export interface Applied {
  readonly image: ImageBitmap;
  /** Of the operation alone, in seconds. */
  readonly seconds: number;
  /** What was done, and how it was computed: names and what is said of each. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  /** The kernels that were correlated with, as tables of numbers, where they are small. */
  readonly tables: readonly string[];
}
