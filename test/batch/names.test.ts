import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/batch/inputs/input.ts';
import { nameOutput, readOutput } from '../../src/batch/plan/outputNames.ts';
import { PlanError } from '../../src/batch/plan/plan.ts';
import fc from '../support/fc.ts';

function inputOf(rel: string): Input {
  return { path: `photos/${rel}`, rel, root: 'photos' };
}

function outputOf(output: string, rel: string, extension = 'png'): string {
  return nameOutput(readOutput(output), inputOf(rel), extension);
}

describe('what --output says', () => {
  test.each([
    'edges.png',
    'x/edges.JPG',
    'a.jpeg',
    'a.webp',
    'a.tif',
    'a.TIFF',
    'a.npy',
    'a.jpe',
    'a.JFIF',
    'a.avif',
    './-.png',
  ])('%s is a file', (output) => {
    expect(readOutput(output)).toMatchObject({ kind: 'file', path: output });
    expect(outputOf(output, 'sub/a.jpg')).toBe(output);
  });

  test.each(['out', '.', '/', 'out.d', 'edges.png/', 'edges.gif/', 'png', '.png', './-', 'out/{x}', 'a.json'])(
    '%s is a folder',
    (output) => {
      expect(readOutput(output)).toEqual({ kind: 'folder', base: output });
    },
  );

  test('- is standard output', () => {
    expect(readOutput('-')).toEqual({ kind: 'stream' });
    expect(outputOf('-', 'a.jpg')).toBe('-');
  });

  test.each([
    ['{name}.png', '.'],
    ['out/{rel}.png', 'out'],
    ['out/edges-{name}.png', 'out'],
    ['out/x/{dir}/{name}.png', 'out/x'],
    ['/{name}.png', '/'],
    ['../out/{name}.png', '../out'],
  ])('%s is a template below %s', (output, base) => {
    expect(readOutput(output)).toEqual({ kind: 'template', base, text: output });
  });

  test('an empty text, a format that is not written, an unknown placeholder and a way up are refused', () => {
    const refused = {
      '': 'Expected a file, folder or template for --output but received an empty text',
      'edges.gif':
        'Expected one of png, jpg, webp, tif, avif, npy at the end of --output but received edges.gif; edges.gif/ is a folder',
      'out/{name}-{size}.png':
        'Expected only {rel}, {dir}, {name}, {ext}, {root}, {page} and {channel} in a template for --output but received {size} in out/{name}-{size}.png',
      'out/{dir}/../{name}.png':
        'Expected no .. after the first placeholder of a template for --output but received out/{dir}/../{name}.png',
      'out/{dir}/..': 'Expected no .. after the first placeholder of a template for --output but received out/{dir}/..',
    };
    for (const [output, message] of Object.entries(refused)) {
      expect(() => readOutput(output)).toThrow(new PlanError(message));
    }
  });
});

describe('the output of an input', () => {
  test.each([
    ['out', 'a.jpg', 'out/a.png'],
    ['out/', 'sub/deep/a.jpg', 'out/sub/deep/a.png'],
    ['.', 'a.jpg', 'a.png'],
    ['out', 'a', 'out/a.png'],
    ['out', 'a.tar.gz', 'out/a.tar.png'],
    ['out', 'v1.0/a', 'out/v1.0/a.png'],
    ['out', 'stdin', 'out/stdin.png'],
    ['out', '-r.png', 'out/-r.png'],
    ['out', 'two\nlines.jpg', 'out/two\nlines.png'],
    ['out/{rel}', 'sub/a.jpg', 'out/sub/a.jpg'],
    ['out/{rel}.png', 'sub/a.jpg', 'out/sub/a.jpg.png'],
    ['out/{dir}/{name}-edges.png', 'sub/deep/a.b.jpg', 'out/sub/deep/a.b-edges.png'],
    ['out/{dir}/{name}.png', 'a.jpg', 'out/a.png'],
    ['{dir}/{name}.png', 'a.jpg', 'a.png'],
    ['{dir}//{name}.png', 'a.jpg', 'a.png'],
    ['{dir}/{name}.png', 'sub/a.jpg', 'sub/a.png'],
    ['{ext}/{name}.png', 'a', 'a.png'],
    ['{name}.png', '\\a.jpg', '\\a.png'],
    ['out/{ext}/{name}-{ext}.png', 'a.JPG', 'out/JPG/a-JPG.png'],
    ['out/./{name}/./{name}.png', 'a.jpg', 'out/a/a.png'],
    // What an input is called is not read as a template again, nor as a replacement pattern.
    ['out/{name}.png', '{dir}{ext}.jpg', 'out/{dir}{ext}.png'],
    ['out/{name}.png', "$&$1$'.jpg", "out/$&$1$'.png"],
  ])('--output %s takes %s to %s', (output, rel, expected) => {
    expect(outputOf(output, rel)).toBe(expected);
  });

  test('a folder’s pictures get the extension asked for', () => {
    expect(outputOf('out', 'a.jpg', 'npy')).toBe('out/a.npy');
  });

  test('a relative template never makes an absolute path', () => {
    const part = fc.constantFrom('{rel}', '{dir}', '{name}', '{ext}', '/', '-', 'x');
    const template = fc
      .array(part, { minLength: 1 })
      .map((parts) => parts.join(''))
      .filter((t) => /\{/.test(t) && !t.startsWith('/'));
    const rel = fc.constantFrom('a.jpg', 'sub/a.jpg', 'a', '.png');
    fc.assert(fc.property(template, rel, (t, r) => !outputOf(t, r).startsWith('/')));
  });
});
