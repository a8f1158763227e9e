// Loaded before a worker: it ends at once, as by a fault of a decoder, when it looks at a picture of such a name.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

for (const name of ['stat', 'realpath']) {
  const look = fs.promises[name];
  fs.promises[name] = (path, ...rest) => {
    if (String(path).endsWith('poison.png')) process.kill(process.pid, 'SIGKILL');
    return look(path, ...rest);
  };
}
syncBuiltinESMExports();
