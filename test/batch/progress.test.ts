import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createProgress } from '../../src/commands/shared/progress.ts';

/** A stream that says it is a terminal of 80 columns, and what a person would see on it. */
function terminal(columns = 80) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns });
  let written = '';
  stream.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  // Escape as the visible sign for it, which regular expressions may hold.
  const visible = (): string => written.replaceAll('\u001b', '␛');
  return { stream: stream as unknown as NodeJS.WriteStream, written: visible, screen: () => screenOf(visible()) };
}

/** The lines that a terminal shows after the control sequences that cli-progress uses; any other fails the test. */
function screenOf(written: string): string[] {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const token of written.match(/␛\[[?\d;]*[A-Za-z]|\n|\r|[^␛\n\r]+|␛/g) ?? []) {
    const [, count, command] = token.match(/^␛\[(\d*)([A-Za-z])$/) ?? [];
    if (token === '\n') {
      lines[++row] ??= '';
      column = 0;
    } else if (token === '\r') column = 0;
    else if (command === 'G') column = Number(count || 1) - 1;
    else if (command === 'A') row = Math.max(0, row - Number(count || 1));
    else if (command === 'K' && count === '2') lines[row] = '';
    else if (command === 'K' && (count === '' || count === '0')) lines[row] = lines[row].slice(0, column);
    else if (command === 'J' && (count === '' || count === '0')) {
      lines[row] = lines[row].slice(0, column);
      lines.length = row + 1;
    } else if (token.startsWith('␛')) throw new Error(`an unforeseen sequence: ${JSON.stringify(token)}`);
    else {
      lines[row] = lines[row].slice(0, column).padEnd(column) + token + lines[row].slice(column + token.length);
      column += token.length;
    }
  }
  return lines;
}

function useClock(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('on a terminal', () => {
  test('a bar shows how many, the rate and the time left', async () => {
    useClock();
    const { stream, screen } = terminal();
    const progress = await createProgress({ total: 8, stream });
    expect(screen()).toEqual(['0/8  [------------------------]  0.0 MP/s']);
    vi.advanceTimersByTime(10_000);
    progress.step(24);
    progress.step(36);
    vi.advanceTimersByTime(200);
    expect(screen()).toEqual(['2/8  [======------------------]  5.9 MP/s  31 s left']);
    for (let i = 0; i < 6; i++) progress.step(1);
    vi.advanceTimersByTime(200);
    expect(screen()).toEqual(['8/8  [========================]  6.3 MP/s  0 s left']);
    progress.stop();
    expect(screen()).toEqual(['']);
  });

  test.each([
    [1, '59 s'],
    [2, '1 min 58 s'],
    [1000, '16 h 23 min'],
  ])('after 59 s for one picture, %d more need %s', async (more, left) => {
    useClock();
    const { stream, screen } = terminal();
    const progress = await createProgress({ total: more + 1, stream });
    vi.advanceTimersByTime(58_800);
    progress.step(1);
    vi.advanceTimersByTime(200);
    expect(screen()[0]).toMatch(new RegExp(`${left} left$`));
    progress.stop();
  });

  test('notes stand whole above the bar, at once, and stay when it goes', async () => {
    useClock();
    const { stream, screen } = terminal();
    const progress = await createProgress({ total: 4, stream });
    const bar = '0/4  [------------------------]  0.0 MP/s';
    progress.note('first');
    expect(screen()).toEqual(['first', bar]);
    const long = `second ${'x'.repeat(200)}`;
    progress.note(long);
    progress.note('third');
    expect(screen()).toEqual(['first', long, 'third', bar]);
    vi.advanceTimersByTime(1000);
    expect(screen()).toEqual(['first', long, 'third', bar]);
    progress.stop();
    progress.stop();
    progress.note('summary');
    expect(screen()).toEqual(['first', long, 'third', 'summary', '']);
  });

  test('the bar is cut to the width of the terminal', async () => {
    useClock();
    const { stream, screen } = terminal(20);
    const progress = await createProgress({ total: 4, stream });
    expect(screen()).toEqual(['0/4  [--------------']);
    progress.stop();
  });

  test('no picture at all is a full bar', async () => {
    const { stream, screen } = terminal();
    const progress = await createProgress({ total: 0, stream });
    expect(screen()).toEqual(['0/0  [========================]  0.0 MP/s']);
    progress.stop();
  });

  test('it uses no colour, hides no cursor, takes no signal, and leaves no timer', async () => {
    useClock();
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')];
    const { stream, written } = terminal();
    const progress = await createProgress({ total: 2, stream });
    progress.step(1);
    progress.note('note');
    vi.advanceTimersByTime(500);
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before);
    progress.stop();
    expect(written()).not.toMatch(/␛\[[\d;]*m|␛\[\?/);
    expect(vi.getTimerCount()).toBe(0);
    const end = written();
    progress.step(1);
    vi.advanceTimersByTime(1000);
    expect(written()).toBe(end);
  });
});

describe('elsewhere', () => {
  test.each([
    ['a stream that is no terminal', { isTTY: false }, true],
    ['a terminal where it is not enabled', { isTTY: true, columns: 80 }, false],
  ])('%s gets notes alone', async (_, properties, enabled) => {
    useClock();
    const stream = Object.assign(new PassThrough(), properties);
    const progress = await createProgress({ total: 2, stream: stream as unknown as NodeJS.WriteStream, enabled });
    progress.step(1);
    progress.note('left out a.png');
    vi.advanceTimersByTime(5000);
    progress.step(1);
    progress.stop();
    progress.note('done');
    expect(String(stream.read())).toBe('left out a.png\ndone\n');
    expect(vi.getTimerCount()).toBe(0);
  });
});
