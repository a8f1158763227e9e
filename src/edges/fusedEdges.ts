import { isTransparent } from '../correlate/alpha/isTransparent.ts';
import { fitted } from '../correlate/channels.ts';
import { LUMA_WEIGHTS } from '../correlate/luma.ts';
import { runPass } from '../correlate/pass/pass.ts';
import type { PassSpecification } from '../correlate/pass/passPlan.ts';
import type { StoreOptions } from '../correlate/pass/storeResponse.ts';
import { channelsWanted } from '../kernels/kernel.ts';
import { type InterleavedPicture, isLinear, type Picture, storedOf } from '../planes/picture.ts';
import type { Planes } from '../planes/planes.ts';
import { seesGrey } from './operators/operators.ts';
import type { Edges } from './options.ts';
import type { Settings } from './settings.ts';

interface FusedEdges extends Omit<Edges, 'map'> {
  readonly map: InterleavedPicture;
}

/**
 * The edges of stored samples as stored samples in one pass: correlation, response and rounding, strip by strip.
 *
 * @param inPlace whether the picture's samples may be lost
 * @returns undefined where the picture, or what is asked for, needs steps that a pass has not
 */
export function fusedEdges(
  x: Planes | Picture,
  settings: Settings,
  store: Required<StoreOptions>,
  inPlace: boolean | undefined,
): FusedEdges | undefined {
  const stored = storedOf(x);
  if (stored === undefined || isLinear(x)) return undefined;
  const isClear = settings.alpha !== 'drop' && isTransparent(x);
  const pass = passOf(stored, settings, store, isClear);
  if (pass === undefined) return undefined;
  const map = runPass(stored, pass, inPlace);
  if (map === undefined) return undefined;
  const { threshold } = pass;
  return {
    map,
    ...(isClear ? { alpha: 'edges' } : {}),
    ...(threshold === undefined ? {} : { thresholds: { high: threshold } }),
  };
}

/** The steps as one pass; undefined where some of them need the whole picture. */
function passOf(
  picture: InterleavedPicture,
  settings: Settings,
  { map, ...store }: Required<StoreOptions>,
  isClear: boolean,
): PassSpecification | undefined {
  const { operator, color, sigmas, threshold } = settings;
  if (map === 'minmax' || operator.kind !== 'kernels' || !isPlain(settings)) return undefined;
  if (sigmas.length > 1 || sigmas[0] !== undefined) return undefined;
  if (threshold !== undefined && threshold.kind !== 'value') return undefined;
  const { kernels, scale, padding } = operator;
  // A picture over white is a step of its own.
  if (isClear && !seesGrey(operator)) return undefined;
  const grey = color === 'luma' && channelsWanted(kernels[0]) === 1;
  const seen = (grey ? 1 : picture.channels) + (isClear ? 1 : 0);
  const [first, second] = kernels.map((k) => fitted(k, seen));
  return {
    ...(grey && picture.channels === LUMA_WEIGHTS.length ? { mix: LUMA_WEIGHTS } : {}),
    kernels: second === undefined ? [first] : [first, second],
    magnitude: settings.magnitude,
    scale,
    strongest: color !== 'each',
    ...(threshold === undefined ? {} : { threshold: threshold.value }),
    map,
    ...store,
    padding,
    border: settings.border,
    precision: settings.precision,
    alpha: isClear ? 'channel' : 'none',
  };
}

/** Whether a sample's response is all that its result is made of. */
function isPlain({ thin, zeroCrossings, orientation, mask, hysteresis, color }: Settings): boolean {
  return !(thin || zeroCrossings || orientation || mask || hysteresis || color === 'di-zenzo');
}
