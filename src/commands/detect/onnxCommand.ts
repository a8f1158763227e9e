import { factsOf, pictureOfMap } from '../../batch/work/pictureWork.ts';
import { mapResponse } from '../../correlate/response.ts';
import { EDGE_MAP } from '../../edges/detectEdges.ts';
import { netSettings } from '../../edges/detection.ts';
import type { DetectOptions } from '../../edges/options.ts';
import { A_NET, onnxEdges, roomForOnnx } from '../../onnx/detectOnnxEdges.ts';
import { openOnnxNet } from '../../onnx/openOnnxNet.ts';
import { ExpectationError } from '../../planes/expected.ts';
import type { PictureShape } from '../../planes/picture.ts';
import type { Planes } from '../../planes/planes.ts';
import { isWrittenRaw } from '../pictures/outputFormat.ts';
import type { PictureCommand } from '../pictures/pictureCommand.ts';
import type { Remark } from '../pictures/remarks.ts';
import { isPathOfFile } from '../shared/kernelArgument.ts';
import type { DetectArguments } from './detectOptions.ts';
import { expectNoLinear } from './expectNoLinear.ts';

/** Whether a word is the path of a net of other people. */
export async function isOnnxFile(word: string): Promise<boolean> {
  return /\.onnx$/i.test(word) && (await isPathOfFile(word));
}

const OPTIONS = ['net-input', 'net-output', 'activation'] as const;

/** Refuses what is said of a net of other people where there is none. */
export function expectNoOnnxOptions(args: DetectArguments): void {
  for (const name of OPTIONS) {
    if (args[name] === undefined) continue;
    const operator = args.operator.join(', ');
    throw new ExpectationError(
      `Expected a file of ONNX (net.onnx) for --operator with --${name} but received ${operator}`,
    );
  }
}

/** `detect` by a net of other people. */
export async function onnxCommand(
  args: DetectArguments,
  how: Omit<DetectOptions, 'operator'>,
  remarks: readonly Remark[],
): Promise<PictureCommand> {
  const [file, second] = args.operator;
  if (second !== undefined)
    throw new ExpectationError(`Expected one net for --operator but received ${second} as well`);
  expectNoLinear(args.linear);
  const settings = netSettings(how, A_NET);
  const { 'net-input': input, 'net-output': output, activation, alpha, map } = args;
  const net = await openOnnxNet(file, {
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(activation === undefined ? {} : { activation }),
  });
  const { thin, scales } = settings;
  return {
    name: 'detect',
    configuration: {
      operator: file,
      runtime: net.runtime,
      input,
      output: net.output,
      activation,
      scales: scales.join(', '),
      thin: thin || undefined,
      threshold: how.threshold,
      low: how.low,
      high: how.high,
      map: map ?? (isWrittenRaw(args) ? 'none' : EDGE_MAP),
      alpha: alpha === 'edges' ? undefined : alpha,
      mask: args.mask,
    },
    reads: args.mask === undefined ? args.operator : [...args.operator, args.mask],
    read: { alpha: alpha === 'edges' ? 'keep' : alpha, linear: false },
    remarks,
    room(picture, { depth }) {
      const { height, width, channels } = picture;
      const stride = 1 + Number(picture.hasAlpha && alpha === 'keep');
      return {
        working: roomForOnnx(picture, net, settings) + planesOf(picture, channels * 2 + 4),
        result: { height, width, stride, depth },
      };
    },
    work: {
      kind: 'other',
      async make(picture, { isRaw }) {
        const { map: found, ...facts } = await onnxEdges(picture, net, settings);
        const response = map ?? (isRaw ? undefined : EDGE_MAP);
        const shown: Planes = response === undefined ? found : mapResponse(found, response);
        return {
          picture: pictureOfMap(shown, alpha === 'keep' ? picture : { depth: picture.depth }),
          facts: { map: response ?? 'none', ...factsOf(facts) },
        };
      },
    },
  };
}

const planesOf = ({ height, width }: PictureShape, count: number): number => 4 * count * height * width;
