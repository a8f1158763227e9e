import type { Options } from 'yargs';
import { type QueueAddress, readQueueAddress } from '../../queue/address.ts';

/** `--queue` of the commands that are about a queue. */
export const queueOption = {
  type: 'string',
  default: 'auto',
  describe: 'address of the queue: redis://host/name, or rediss:// if encrypted; auto: the one in CORR2D_QUEUE',
} as const satisfies Options;

export function queueArgument(text: string): QueueAddress {
  return readQueueAddress(text, process.env);
}
