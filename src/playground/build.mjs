// Writes the playground and the chapter as static pages: `node src/playground/build.mjs <folder> [--serve]`.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const checkout = join(here, '../..');
const PORT = 8017;

/** What pages may load: what lies beside them, and WebAssembly, which the engine is assembled as. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const PAGES = {
  index: ['corr2d playground', 'page/main.tsx'],
  chapter: ['corr2d: the chapter, running', 'chapter/main.tsx'],
};

/** In a worker no import map says where the solver of exact learning stands: it lies beside. */
const solverBeside = {
  name: 'solver beside',
  setup(build) {
    build.onLoad({ filter: /slackProgram\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const found = "['highs'].join('')";
      if (!text.includes(found)) throw new Error(`Expected ${found} in ${path}, which names the solver`);
      return { contents: text.replace(found, "['./highs.mjs'].join('')"), loader: 'ts' };
    });
  },
};

/** @param {string} out where the pages go; what was there goes */
export async function buildPages(out) {
  const docs = join(out, 'docs');
  mkdirSync(out, { recursive: true });
  for (const name of ['assets', 'samples', 'index.html', 'chapter.html'])
    rmSync(join(out, name), { recursive: true, force: true });
  const bundle = await context({
    entryPoints: {
      ...Object.fromEntries(Object.entries(PAGES).map(([name, [, source]]) => [name, join(here, source)])),
      worker: join(here, 'worker.ts'),
    },
    outdir: join(out, 'assets'),
    bundle: true,
    splitting: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    platform: 'browser',
    target: ['chrome120', 'firefox121', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { HAS_DOCS: String(existsSync(join(docs, 'index.html'))) },
    plugins: [solverBeside],
    logLevel: 'warning',
  });
  await bundle.rebuild();
  const highs = dirname(createRequire(import.meta.url).resolve('highs'));
  for (const name of ['highs.mjs', 'highs.wasm']) cpSync(join(highs, name), join(out, 'assets', name));
  for (const name of ['', 'pair', 'edges']) {
    cpSync(join(checkout, 'samples', name), join(out, 'samples', name), { recursive: true });
  }
  for (const [name, [title]] of Object.entries(PAGES)) writeFileSync(join(out, `${name}.html`), htmlOf(name, title));
  return bundle;
}

function htmlOf(name, title) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="assets/${name}.css">
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript: it computes in your browser.</noscript>
<script type="module" src="assets/${name}.js"></script>
</body>
</html>
`;
}

async function main([out, ...options]) {
  if (out === undefined || options.some((option) => option !== '--serve')) {
    throw new Error(`Expected a folder, and --serve or nothing, but received ${[out, ...options].join(' ')}`);
  }
  const bundle = await buildPages(out);
  if (options.length === 0) {
    await bundle.dispose();
    process.stdout.write(`The pages are in ${out}; any server of static files serves them.\n`);
    return;
  }
  const { hosts, port } = await bundle.serve({ servedir: out, host: '127.0.0.1', port: PORT });
  process.stdout.write(`http://${hosts[0]}:${port}/ (Ctrl+C ends it)\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
