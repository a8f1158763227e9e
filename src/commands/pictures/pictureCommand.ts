import type { PictureWork, WorkOutput } from '../../batch/work/pictureWork.ts';
import type { ImageFormat } from '../../files/encode/encodeImage.ts';
import type { AlphaPolicy } from '../../files/readImage.ts';
import type { PictureShape, Room } from '../../planes/picture.ts';
import type { Remark } from './remarks.ts';

/** What a command makes of pictures. */
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
  room(picture: PictureShape, output: RoomOutput): Room;
  readonly work: PictureWork;
}

interface RoomOutput extends Pick<WorkOutput, 'depth' | 'isRaw'> {
  readonly format: ImageFormat;
}
