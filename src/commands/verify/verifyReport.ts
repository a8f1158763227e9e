import { posix, relative, sep } from 'node:path';
import { showPath } from '../../disk/showPath.ts';
import { version } from '../../files/version.ts';
import { escaped, UNPRINTABLE } from '../../planes/plainText.ts';
import { type ItemVerdict, type PartialReport, VERDICTS, type VerifiedItem } from '../../verify/verifyReport.ts';

/** The verdict on a picture, on a line. */
export function itemLine({ path, verdict, message, failed }: VerifiedItem): string {
  const word = failed || verdict === 'passed' ? verdict : `${verdict} (allowed)`;
  return `${word.padEnd(10)} ${showPath(path)}${verdict === 'passed' ? '' : `: ${message}`}`;
}

/** What was done about a picture's golden, on a line. */
export function updateLine({ path, from, updated, message }: VerifiedItem): string {
  if (updated === undefined) return `failed     ${showPath(path)}: ${message}`;
  const where =
    updated === 'moved' && from !== undefined ? `${showPath(from)} \u2192 ${showPath(path)}` : showPath(path);
  return `${updated.padEnd(10)} ${where}`;
}

/** How many pictures of each verdict; what was done to goldens, or where to look at what changed. */
export function summaryOf(report: PartialReport, seconds: number, output: string | undefined): string {
  const { items } = report;
  const counts = VERDICTS.map((verdict) => [verdict, count(items, (item) => item.verdict === verdict)] as const);
  const told = counts.filter(([verdict, number]) => number > 0 || verdict === 'passed');
  const words = told.map(([verdict, number]) => `${number} ${verdict}`).join(', ');
  const updated = count(items, (item) => item.updated !== undefined);
  const changed = items.some(({ evidence }) => evidence !== undefined);
  const where = output !== undefined && changed ? ` \u2192 ${showPath(output)}` : '';
  const done = updated > 0 ? `; ${updated} golden${updated === 1 ? '' : 's'} updated` : '';
  const end = report.interrupted ? '; interrupted: others were not looked at, or their goldens not updated' : '';
  return `${items.length} picture${items.length === 1 ? '' : 's'} in ${seconds.toFixed(2)} s: ${words}${done}${end}${where}`;
}

function count(items: readonly VerifiedItem[], is: (item: VerifiedItem) => boolean): number {
  return items.filter(is).length;
}

/** One object with the keys of reg-cli's reg.json, and what it does not tell under keys of our own. */
export function regJson(report: PartialReport, output: string): Record<string, unknown> {
  const { items, actual, golden, match, interrupted, problems, notes, comparator } = report;
  const paths = (...verdicts: ItemVerdict[]): string[] =>
    items.filter(({ verdict }) => verdicts.includes(verdict)).map(({ path }) => path);
  const failedItems = paths('changed', 'unreadable');
  const renamed = items.filter(({ verdict }) => verdict === 'renamed');
  const diffs = items.flatMap(({ evidence }) => evidence?.diff ?? []);
  return {
    corr2d: version,
    command: 'verify',
    type: match ? 'success' : 'danger',
    match,
    interrupted,
    hasFailures: failedItems.length > 0,
    hasNew: paths('new').length > 0,
    hasDeleted: paths('deleted').length > 0,
    failedItems,
    newItems: paths('new'),
    deletedItems: paths('deleted'),
    passedItems: paths('passed'),
    renamedItems: renamed.map(({ path, from }) => ({ path, from })),
    unreadableItems: paths('unreadable'),
    actualItems: paths('passed', 'changed', 'unreadable', 'new', 'renamed'),
    expectedItems: [
      ...paths('passed', 'changed', 'unreadable', 'deleted'),
      ...renamed.flatMap(({ from }) => (from === undefined ? [] : [from])),
    ].sort(),
    diffItems: diffs.map((path) => relative(output, path).replaceAll(sep, '/')),
    actualDir: actual,
    expectedDir: golden,
    diffDir: output,
    comparator,
    problems,
    notes,
    items,
  };
}

/** A JUnit report: a test case a picture, and one for each problem of the folders. */
export function junitOf({ items, golden, ...report }: PartialReport): string {
  const problems = problemsOf(report);
  const failures = count(items, ({ failed }) => failed) + problems.length;
  const cases = [
    ...items.map(({ path, verdict, failed, message }) =>
      testCase(golden, path, failed ? `${verdict}: ${message}` : undefined),
    ),
    ...problems.map((problem) => testCase(golden, 'folders', problem)),
  ];
  const counts = `tests="${cases.length}" failures="${failures}" errors="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${escapeXml(`corr2d verify ${golden}`)}" ${counts}>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** What keeps a run from passing beside its pictures. */
function problemsOf({ problems, interrupted }: Pick<PartialReport, 'problems' | 'interrupted'>): string[] {
  return interrupted ? [...problems, 'Expected a run to its end but it was interrupted'] : [...problems];
}

function testCase(suite: string, name: string, failure: string | undefined): string {
  const open = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}"`;
  return failure === undefined ? `${open}/>` : `${open}><failure message="${escapeXml(failure)}"/></testcase>`;
}

const XML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const OUTSIDE_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/** What XML 1.0 cannot hold is escaped as in JSON; what it can, but a terminal or a log would take for a command, is a reference. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (c) => XML[c])
    .replace(OUTSIDE_XML, escaped)
    .replace(UNPRINTABLE, (c) => `&#${c.charCodeAt(0)};`);
}

/** Failures as GitHub's workflow commands, a line each. */
export function annotationsOf({ items, golden, ...report }: PartialReport): string[] {
  const problems = problemsOf(report);
  const failed = items.filter((item) => item.failed);
  return [
    ...failed.map(
      ({ path, verdict, message }) =>
        `::error file=${property(posix.join(golden, path))},title=${property(`${verdict}: ${path}`)}::${data(message)}`,
    ),
    ...problems.map((problem) => `::error title=corr2d verify::${data(problem)}`),
  ];
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
