import type { Border } from '../planes/border.ts';
import { pad } from '../planes/pad.ts';
import { type Planes, toUnit, whiteOf } from '../planes/planes.ts';
import type { Layer } from './layer.ts';

/**
 * A learned stack of layers applied to a picture: the stack works in units of white, the result has the picture's white again.
 * Along an axis without a stride that the stack does not pad itself, the picture is continued by the border, so that the result
 * keeps its size; where the span is odd the extra line goes on top or on the left, as `same` padding has it.
 *
 * @param x C×H×W, C as the first layer takes it
 * @returns the last layer's channels, H×W where no layer has a stride
 * @throws ExpectationError where the picture does not fit the stack
 */
export function applyModel(model: Layer, x: Planes, border: Border = 'replicate'): Planes {
  const { size, stride, offset } = model.reach;
  const [rows, columns] = [0, 1].map((axis) => (stride[axis] === 1 && offset[axis] === 0 ? size[axis] - 1 : 0));
  const top = Math.ceil(rows / 2);
  const left = Math.ceil(columns / 2);
  const white = whiteOf(x);
  const continued = pad(toUnit(x), { top, left, bottom: rows - top, right: columns - left }, border);
  const response = model.forward(continued);
  const { channels, height, width, data } = response;
  return { channels, height, width, data: white === 1 ? data : data.map((value) => value * white), white };
}
