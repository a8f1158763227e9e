import sharp from 'sharp';
import { LOADERS } from './formats.ts';

/**
 * Takes every decoder away from sharp but those that are meant, in the whole process: a second wall behind the look at a file's
 * first bytes. A library may not do that to its user; the command does.
 */
export function restrictLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({ operation: [...LOADERS] });
}
