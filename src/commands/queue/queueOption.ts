import type { Options } from 'yargs';
import { type QueueAddress, readQueueAddress } from '../../queue/address.ts';

/** `--queue` of the commands that are about a queue. */
export const queueOption = {
  type: 'string',
  default: 'auto',
  describe: 'redis://host/name, rediss:// where it is encrypted; auto: as CORR2D_QUEUE says',
} as const satisfies Options;

export function queueArgument(text: string): QueueAddress {
  return readQueueAddress(text, process.env);
}
