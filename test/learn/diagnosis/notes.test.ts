import { describe, expect, test } from 'vitest';
import { kernel } from '../../../src/kernels/kernel.ts';
import { type Findings, notesOf } from '../../../src/learn/diagnosis/notes.ts';
import { residualOf } from '../../../src/learn/moments/residual.ts';

const fine = residualOf(1e-6 * 1000, 100, 1000);

const found: Findings = {
  kernel: kernel([[0.2, 0.9]]),
  report: { ...fine, samples: 1000, clipped: 0, size: [1, 2], channels: 'shared', program: {} },
  rounding: 0.00113,
};

function with_(report: Partial<Findings['report']>, others: Partial<Findings> = {}): Findings {
  return { ...found, ...others, report: { ...found.report, ...report } };
}

describe('what a person should know', () => {
  test('nothing, where all is well', () => {
    expect(notesOf(found)).toEqual([]);
  });

  test.each<readonly [string, Findings, string]>([
    ['identical', with_({}, { identical: true }), 'Before and after are the same picture: the kernel is the identity.'],
    [
      'reversed',
      with_(residualOf(2.5, 100, 1000), { reversed: residualOf(1e-3, 100, 1000) }),
      'The pictures may be in the wrong order: from after to before a kernel leaves 0.1% of white, from before to after 5%.',
    ],
    [
      'unexplained',
      with_({ ...residualOf(12, 100, 1000), explained: false, leftOfChange: 0.345 }, { tried: ['linear light'] }),
      'No kernel of this size explains the pair: 35% of what was changed is left over, 97 times what rounding leaves. ' +
        'Tried without success: linear light. A filter that is not linear (a median, a magnitude, a tone curve) is learned as a stack of layers: corr2d learn --as model, or fitModel.',
    ],
    [
      'black',
      with_({ determined: { rank: 0, unknowns: 9 } }),
      'The before pictures are black: they tell nothing of the taps.',
    ],
    [
      'flat',
      with_({ determined: { rank: 1, unknowns: 9 } }),
      'The before pictures are flat: they tell what the taps sum to, and nothing else.',
    ],
    [
      'of too little detail',
      with_({ determined: { rank: 3, unknowns: 9 } }),
      'The pictures hold no detail that could tell all taps apart: they settle 3 of 9 numbers, ' +
        'and of the kernels that fit alike this is the smallest.',
    ],
    [
      'lossy',
      with_({ program: { lossy: true }, ...residualOf(1, 100, 1000) }),
      'The after was coded with losses, which hides fine detail: taps that sharpen may come out too small, and no certificate is given.',
    ],
    [
      'clipped',
      with_({ clipped: 1000 }),
      '50% of the samples after are black or white and may stand for anything beyond: they bound the taps and do not settle them.',
    ],
    [
      'linear',
      with_({}, { light: { light: 'linear', linear: 0.0011, stored: 0.02 } }),
      'The filter worked on linear light: so the error is 0.11% of white, on the stored samples 2%. Apply the kernel with --linear.',
    ],
    [
      'shifted',
      with_({ program: { shift: [-1, 2] } }),
      'The after lies 1 row up and 2 columns to the right of the before.',
    ],
    [
      'shifted, with what that gains',
      with_({ program: { shift: [-1, 0], unshifted: 0.07 }, heldOut: residualOf(0.001, 100, 1000) }),
      'The after lies 1 row up of the before: on samples held out of the fit the error is 0.1% of white, without that shift 7%.',
    ],
    [
      'overfitted',
      with_({ heldOut: residualOf(10, 100, 1000) }),
      'On samples held out of the fit the error is 10% of white, on the others 0.1%: the pictures are small for so many taps.',
    ],
    ['uncertain', with_({ standardErrors: [0.01, 0.034] }), 'Some taps are known to ±0.03 only.'],
    [
      'indistinguishable',
      with_({ program: { rounding: 'indistinguishable', borders: ['replicate', 'symmetric'] } }),
      'These pictures do not tell whether the program rounded to the nearest or down, nor which of the borders replicate, symmetric it took.',
    ],
    [
      'keeping brightness',
      with_({}, { kernel: kernel([[0.3, 0.7]]) }),
      'The taps sum to 1: flat areas keep their brightness.',
    ],
    ['of sum 0', with_({}, { kernel: kernel([[-0.7, 0.7]]) }), 'The taps sum to 0: of flat areas nothing is left.'],
  ])('%s', (_, findings, note) => {
    expect(notesOf(findings)).toEqual([note]);
  });

  test('after losses a kernel that was not found may be hidden', () => {
    const [first] = notesOf(with_({ ...residualOf(12, 100, 1000), explained: false, program: { lossy: true } }));
    expect(first).toBe(
      "No kernel of this size was found that explains the pair: 12% of the afters' variance is left over. " +
        'What was lost when the after was coded may hide one, and a filter that is not linear has none.',
    );
  });

  test('of losses alone no filter is told', () => {
    const known = { name: 'identity', parameters: {}, text: 'identity: the picture as it is' };
    const [first] = notesOf(with_({ known, explained: false, program: { lossy: true } }));
    expect(first).toBe("No filter was found: nothing but a coder's losses tells the after from its before.");
  });

  test('a name says all that a sum would', () => {
    const known = { name: 'box', parameters: {}, text: 'mean of 1×2 samples' };
    expect(notesOf(with_({ known }, { kernel: kernel([[0.5, 0.5]]) }))).toEqual([]);
  });

  test('taps that reproduce every sample are certain', () => {
    const certificate = { reproduced: 9, samples: 9, rounding: 'nearest' } as const;
    expect(notesOf(with_({ standardErrors: [0.5, 0.5], certificate }))).toEqual([]);
  });

  test('the gravest first', () => {
    const notes = notesOf(with_({ clipped: 900, determined: { rank: 1, unknowns: 2 }, program: { lossy: true } }));
    expect(notes.map((note) => note.split(' ').slice(0, 3).join(' '))).toEqual([
      'The before pictures',
      'The after was',
      '47% of the',
    ]);
  });
});
