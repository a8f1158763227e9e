import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { flush } from '../../src/disk/flush.ts';
import { makeTree } from '../batch/tree.ts';

describe.each(['sync', 'datasync'] as const)('%s', (how) => {
  const opened = async (): Promise<FileHandle> => open(join(makeTree('a'), 'a'), 'r+');

  test("flushes by the handle's own method", async () => {
    const handle = await opened();
    const own = vi.spyOn(handle, how);
    await flush(handle, how);
    expect(own).toHaveBeenCalledOnce();
    await handle.close();
  });

  test('flushes by the number of the file where there is no such method, or one that only says so', async () => {
    const handle = await opened();
    const saysSo = (): never => {
      throw new Error('Method not implemented.');
    };
    for (const method of [undefined, saysSo]) {
      // As Yarn's: a number and little else.
      const its = { fd: handle.fd, [how]: method } as unknown as FileHandle;
      await expect(flush(its, how)).resolves.toBeUndefined();
    }
    await handle.close();
    // It was flushed in earnest: a number that is none is an error.
    await expect(flush({ fd: 1e6 } as unknown as FileHandle, how)).rejects.toMatchObject({ code: 'EBADF' });
  });

  test("passes the system's errors on", async () => {
    const error = Object.assign(new Error('no space'), { code: 'ENOSPC' });
    const its = { fd: -1, [how]: () => Promise.reject(error) } as unknown as FileHandle;
    await expect(flush(its, how)).rejects.toBe(error);
  });
});
