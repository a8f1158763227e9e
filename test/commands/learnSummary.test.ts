import { describe, expect, test } from 'vitest';
import { learnSummary } from '../../src/commands/learn/learnSummary.ts';
import { type Kernel, kernel, repeatKernel } from '../../src/index.ts';
import type { LearnReport } from '../../src/learn/report.ts';

const report: LearnReport = {
  rms: 0.001234,
  psnr: 58.17,
  r2: 0.9999,
  samples: 1234567,
  clipped: 0,
  size: [1, 2],
  channels: 'shared',
  program: {},
  notes: [],
};

const summary = (k: Kernel, more: Partial<LearnReport> = {}): string =>
  learnSummary({
    kernel: k,
    method: 'feasible',
    report: { ...report, ...more },
    pairs: [
      { before: 'a.png', after: 'b.png' },
      { before: 'c.png', after: 'd.png' },
    ],
    output: 'k.json',
    written: true,
    command: 'corr2d filter a.png -k k.json',
  })
    .map((line) => `${line}\n`)
    .join('');

describe('the taps', () => {
  test('have no digit that the pictures do not tell, and no −0', () => {
    const taps = kernel([[1.0000123, -1e-10, -0.33333334]]);
    expect(summary(taps)).toMatch(/^ {3}1\.000012 {3}0 {9}-0\.333333$/m);
    const uncertain = { standardErrors: [0.002, 0.001, Number.NaN] };
    expect(summary(taps, uncertain)).toMatch(/^ {3}1 {7}0 {6}-0\.333$/m);
    expect(summary(taps, uncertain)).toMatch(/^taps {7}uncertain by up to 0\.002$/m);
  });

  test('are shown as they are where every sample is right', () => {
    const certificate = { reproduced: 600, samples: 600, rounding: 'truncate', border: 'replicate' } as const;
    const shown = summary(kernel([[0.04, 1.0000123]]), { certificate, standardErrors: [0.1, 0.1] });
    expect(shown).toMatch(/^ {2}0\.04 {7}1\.0000123$/m);
    expect(shown).toMatch(/^exactly {4}all 600 samples \(truncated, border replicate\)$/m);
    expect(shown).toContain('This gives every sample of what was learned from:\n  corr2d filter a.png -k k.json\n');
    expect(shown).not.toContain('uncertain');
  });

  test('are counted where they are too many for a screen', () => {
    expect(summary(kernel([Array.from({ length: 31 }, () => 1)]))).toContain('(31 taps: the file holds them)');
  });

  test('say which channels they join', () => {
    expect(summary(kernel([[1, 2]]))).toMatch(/^learned 1×2 taps by/);
    expect(summary(repeatKernel(kernel([[1, 2]]), 3))).toMatch(/^learned 1×2 taps for each of 3 channels by/);
    expect(summary(kernel([[[[1]], [[2]], [[3]]]]))).toMatch(/^learned 1×1 taps from 3 channels to 1 by/);
  });
});

describe('the facts', () => {
  test('are those that are known, in lines of their own', () => {
    const lines = summary(kernel([[1, 2]]), {
      clipped: 2000,
      heldOut: { rms: 0, psnr: Number.POSITIVE_INFINITY, r2: 1 },
      determined: { rank: 1, unknowns: 2 },
      rank: 1,
      known: { name: 'box', parameters: {}, text: 'box' },
      program: {
        rounding: 'indistinguishable',
        borders: ['replicate', 'symmetric'],
        light: 'linear',
        orientation: 'convolution',
        shift: [1, -2],
      },
      notes: ['The pictures are small.'],
    }).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'known as   box',
        'rounding   rounded or truncated: these pictures cannot tell',
        'border     replicate or symmetric',
        'applied    rotated by 180°',
        'light      on linear light, not on the stored samples',
        'shift      the content of the after stands 1 row lower and 2 columns further left',
        'fit        rms 0.00123 of white, PSNR 58.2 dB, R² 0.999900 over 1,234,567 samples; 2,000 at 0 or white are bounds',
        'held out   nothing left over',
        'taps       these pictures tell only 1 of 2 apart',
        'rank       1: separable',
        'note       The pictures are small.',
        'To apply it:',
      ]),
    );
  });

  test('are left out where they are not', () => {
    expect(
      summary(kernel([[1, 2]]))
        .split('\n')
        .filter((line) => /^\w+ {2,}/.test(line)),
    ).toHaveLength(1);
  });

  test('never claim all samples for some, and name the first that differs', () => {
    const first = { pair: 1, channel: 2, row: 3, column: 4, expected: 5, received: 6 };
    const certificate = { reproduced: 999_999, samples: 1_000_000, rounding: 'nearest', first } as const;
    const shown = summary(kernel([[1, 2]]), { certificate });
    expect(shown).toContain('exactly    999,999 of 1,000,000 samples, 99.99% (rounded to the nearest)');
    expect(shown).toContain('the first other: 6 for 5 in row 3, column 4, channel 2 of d.png\n');
    expect(shown).toContain('To apply it:');
  });
});
