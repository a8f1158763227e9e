import type { LeftMetadata } from '../../files/metadata/keptMetadata.ts';
import type { Remark } from './remarks.ts';

const holds = (facts: Readonly<Record<string, unknown>>, what: LeftMetadata): boolean =>
  Array.isArray(facts['metadataLeft']) && facts['metadataLeft'].includes(what);

/** What is said at the end of a run of pictures whose metadata was to go along, and did not. */
export const LEFT_METADATA: readonly Remark[] = [
  {
    of: (facts) => holds(facts, 'profile'),
    sentence: () => 'the ICC profile is left out, as it is for another number of channels than the output has',
  },
  {
    of: (facts) => holds(facts, 'exif'),
    sentence: () => 'EXIF is left out (it is neither read from TIFF nor written there, and JPEG holds 64 KiB of it)',
  },
  {
    of: (facts) => holds(facts, 'xmp'),
    sentence: () => 'XMP is left out, as it is longer than the output holds',
  },
];
