import type { InterleavedPicture } from '../../src/planes/picture.ts';
import type { StoredSamples } from '../../src/planes/samples.ts';

/** Where stored samples first differ from what is wanted; empty where they do not. */
export function describeSamples({ samples, width, stride }: InterleavedPicture, wanted: StoredSamples): string {
  if (samples.constructor !== wanted.constructor) return `${samples.constructor.name}, not ${wanted.constructor.name}`;
  if (samples.length !== wanted.length) return `${samples.length} samples, not ${wanted.length}`;
  const i = samples.findIndex((sample, place) => sample !== wanted[place]);
  if (i === -1) return '';
  const pixel = Math.floor(i / stride);
  const where = `row ${Math.floor(pixel / width)}, column ${pixel % width}, sample ${i % stride}`;
  return `${where}: ${samples[i]}, not ${wanted[i]}`;
}
