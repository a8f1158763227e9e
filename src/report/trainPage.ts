import { version } from '../files/version.ts';
import type { TrainPage } from './data.ts';

/** A page of a net that was trained: its losses, what is known of it, and what applies it. */
export function trainPage(told: Omit<TrainPage, 'kind' | 'version'>): TrainPage {
  return { kind: 'train', version, ...told };
}
