/** What a file's own header says that the decoder does not pass on, or does not heed. */
export interface SourceFacts {
  /** Absent where only the decoder can tell. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether the samples went through a lossy code. */
  readonly lossy: boolean;
  /** Pages or frames, where the decoder does not count them; else 1. */
  readonly pages?: number;
  /** Of a kind that is not read, by its name: the decoder would make something else of it. */
  readonly unread?: string;
  /** Of a kind that the decoder may not read, by its name: where it fails, that is why. */
  readonly unusual?: string;
  /** Whether the three channels that the decoder makes of it are all its one. */
  readonly isGrey?: boolean;
  /** Whether what the decoder takes for alpha says nothing about transparency. */
  readonly isOpaque?: boolean;
  /** Whether the colours are multiplied by alpha, as the decoder is to give them. */
  readonly isMultiplied?: boolean;
  /** Whether it holds EXIF that the decoder does not give. */
  readonly hasUnreadExif?: boolean;
  /** Whether black and white are 16/255 and 235/255 of the samples as the decoder gives them (ITU-R BT.601's narrow range). */
  readonly isNarrow?: boolean;
  /** What whole numbers that the decoder gives stand for, where they are none without a sign. */
  readonly numbers?: 'signed' | 'half';
  /** What the decoder is to be given instead of the file, and how many frames that has before the file's own. */
  readonly instead?: { readonly bytes: Uint8Array; readonly framesBefore: number };
}
