// Loaded before a program (node --import): tells the most memory that its process held at once, in bytes, in the file that PEAK names.
// Linux counts it anew for each program; what `resourceUsage` tells there begins with what the parent held.
import { appendFileSync, readFileSync } from 'node:fs';

process.on('exit', () => {
  const [, kibibytes] = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'));
  appendFileSync(process.env.PEAK, `${1024 * kibibytes}\n`);
});
