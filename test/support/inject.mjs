// Preloaded into the command (`node --import`): makes the file system fail as a path's own words say, before anything imports it.
// below a folder `scarce` all file handles that `ulimit -n` allows are taken but a few. `eio` fails to be read, `grows` is written to while it is read, `goes` is gone before it is opened; below a folder `full` the disk
// is full.
import { appendFileSync, closeSync, openSync, unlinkSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { open } = promises;

/** Handles that are left. */
const FREE = 6;

function fail(code) {
  throw Object.assign(new Error(code), { code });
}

let hoarding = false;

function hoardHandles() {
  if (hoarding) return;
  hoarding = true;
  const taken = [];
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch {
    for (const handle of taken.slice(-FREE)) closeSync(handle);
  }
}

promises.open = async (path, flags, ...rest) => {
  const words = typeof path === 'string' ? path.split(/[/.]/) : [];
  if (words.includes('goes')) unlinkSync(path);
  if (words.includes('scarce')) hoardHandles();
  const handle = await open(path, flags, ...rest);
  if (words.includes('eio')) handle.read = async () => fail('EIO');
  if (words.includes('grows')) appendFileSync(path, 'more');
  if (words.includes('full') && words.includes('tmp')) handle.writeFile = async () => fail('ENOSPC');
  return handle;
};
syncBuiltinESMExports();
