// Loaded before a worker: it ends at once, as by a fault of a decoder, when it looks at a picture of such a name.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { stat } = fs.promises;
fs.promises.stat = (path, ...rest) => {
  if (String(path).endsWith('poison.png')) process.kill(process.pid, 'SIGKILL');
  return stat(path, ...rest);
};
syncBuiltinESMExports();
