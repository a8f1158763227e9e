import { move, transferableSymbol, valueSymbol } from 'piscina';
import { FileError } from '../disk/fileError.ts';
import { doTask } from './doTask.ts';
import { memoriesOf, portable } from './portable.ts';
import { leaveRoom, takeRoom } from './room.ts';
import type { Fault, TaskAnswer, TaskMessage } from './task.ts';

/** Run in a thread by the pool. The result's memory moves, it is not copied. */
export default async function answer({ task, room }: TaskMessage): Promise<TaskAnswer> {
  try {
    return moving({ result: portable(await doTask(task, (bytes) => takeRoom(room, bytes))) });
  } catch (thrown) {
    return { fault: faultOf(thrown) };
  } finally {
    leaveRoom(room);
  }
}

function moving(answered: TaskAnswer): TaskAnswer {
  const parts = { [transferableSymbol]: [...memoriesOf(answered)], [valueSymbol]: answered };
  return move(parts as never) as never;
}

function faultOf(thrown: unknown): Fault {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) };
  const { name, message, stack } = thrown;
  const file =
    thrown instanceof FileError
      ? { code: thrown.code, ...(thrown.path === undefined ? {} : { path: thrown.path }) }
      : {};
  return { name, message, ...file, ...(stack === undefined ? {} : { stack }) };
}
