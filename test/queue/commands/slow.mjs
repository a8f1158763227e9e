// Loaded before a worker: its pictures take so many milliseconds each, one after the other, as if they were large.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

const { realpath } = fs.promises;
let before = Promise.resolve();
fs.promises.realpath = async (path, ...rest) => {
  if (String(path).endsWith('.png')) {
    before = before.then(() => pause(Number(process.env.SLOW)));
    await before;
  }
  return realpath(path, ...rest);
};
syncBuiltinESMExports();
