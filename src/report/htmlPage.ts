import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { plainJson, plainText } from '../planes/plainText.ts';
import type { PageData } from './data.ts';

/**
 * A page of one file that needs no network: its script, style and data are in it. Its policy allows this script and this style alone,
 * and pictures of its own or beside it, so that nothing that a file is called, or says, can run or load anything.
 */
export async function htmlPage(title: string, data: PageData): Promise<string> {
  const [script, style] = await Promise.all(['page.js', 'page.css'].map((name) => bundled(name)));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    // Files beside the page, opened from a disk, have no origin that could be called 'self'.
    "img-src data: blob: 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${inText(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript to show pictures.</noscript>
<script type="application/json" id="data">${inScript(data)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function bundled(name: string): Promise<string> {
  return readFile(new URL(`./${name}`, import.meta.url), 'utf8');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function inText(text: string): string {
  return plainText(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON in which nothing ends the element that it stands in. */
function inScript(data: PageData): string {
  return plainJson(data).replaceAll('<', '\\u003c');
}
