import { execFileSync } from 'node:child_process';
import { checkout } from './checkout.ts';

/** Builds `dist/` before the first test that runs it. Nothing else in the tests writes there, so tests may run side by side. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: checkout, stdio: ['ignore', 'inherit', 'inherit'] });
}
