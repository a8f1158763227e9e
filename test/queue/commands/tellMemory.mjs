// Loaded into a command: at its end it writes the most memory that it took, in MB, into a file.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => writeFileSync(process.env.TELL_MEMORY, String(process.resourceUsage().maxRSS / 1024)));
}
