import { filterSamples, type FilterSamplesOptions, type InterleavedPicture, type Kernel } from '../../core.ts';
import { edgesOfSamples, type StoredEdgesOptions } from '../../edges/detectEdgesOfSamples.ts';
import type { Detection } from '../../edges/detection.ts';
import { turnsBy } from '../../edges/turnsOfSamples.ts';
import type { Layer } from '../../layers/layer.ts';
import { type ModelSamplesOptions, modelOfSamples } from '../../layers/modelOfSamples.ts';

/** What is to be made of stored samples: plain data that another thread can be given, but for what learned layers are to make. */
export type SampleWork =
  | { readonly kind: 'detect'; readonly detection: Detection; readonly stored: StoredEdgesOptions }
  | { readonly kind: 'directions'; readonly detection: Detection; readonly linear: boolean }
  | { readonly kind: 'filter'; readonly kernel: Kernel; readonly options: FilterSamplesOptions }
  | { readonly kind: 'layers'; readonly model: Layer; readonly options: ModelSamplesOptions };

/** Whether work can be done in this thread alone: layers are functions, which no message carries. */
export function isOfThisThread(work: SampleWork): boolean {
  return work.kind === 'layers' || (work.kind === 'detect' && work.detection.kind === 'model');
}

export interface WorkedSamples {
  readonly picture: InterleavedPicture;
  /** What was found out, for the report. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Does the work. The picture's samples may be lost: the result takes their memory where it fits. */
export function workOnSamples(picture: InterleavedPicture, work: SampleWork): WorkedSamples {
  if (work.kind === 'filter') {
    return { picture: filterSamples(picture, work.kernel, { ...work.options, inPlace: true }), facts: {} };
  }
  if (work.kind === 'layers') return { picture: modelOfSamples(picture, work.model, work.options), facts: {} };
  const { map, thresholds, notes, alpha } =
    work.kind === 'directions'
      ? turnsBy(picture, work.detection, work.linear)
      : edgesOfSamples(picture, work.detection, { ...work.stored, inPlace: true });
  return {
    picture: map,
    facts: { ...(thresholds ? { thresholds } : {}), ...(alpha ? { alpha } : {}), ...(notes ? { notes } : {}) },
  };
}
