import type { Options } from 'yargs';
import { showPath } from '../../disk/showPath.ts';
import { DEFAULT_FAIL_ON, FAIL_ON } from '../../files/limits.ts';

/** `--fail-on`, of every command that reads pictures. */
export const failOnOption = {
  choices: FAIL_ON,
  default: DEFAULT_FAIL_ON,
  describe:
    'damaged pictures to refuse: none; truncated ones; those with any error; or those with any warning of the decoder',
} satisfies Options;

/** What is told of a picture that is read although its file has a fault. */
export function faultNote(path: string, fault: string): string {
  return `${showPath(path)} is read although its data has a fault: ${fault} (--fail-on warning refuses it)`;
}
