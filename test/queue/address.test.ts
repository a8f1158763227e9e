import { expect, test } from 'vitest';
import { readQueueAddress, showQueue } from '../../src/queue/address.ts';

test.each([
  ['redis://host/photos', { host: 'host', port: 6379, tls: false, database: 0, name: 'photos' }],
  ['rediss://host:7000/a.b-c_d?db=3', { host: 'host', port: 7000, tls: true, database: 3, name: 'a.b-c_d' }],
  ['redis://host', { host: 'host', port: 6379, tls: false, database: 0, name: 'corr2d' }],
  ['redis://[::1]:6380/q', { host: '::1', port: 6380, tls: false, database: 0, name: 'q' }],
  [
    'redis://me:p%40ss@host/q',
    { host: 'host', port: 6379, tls: false, database: 0, name: 'q', username: 'me', password: 'p@ss' },
  ],
])('%s', (text, address) => {
  expect(readQueueAddress(text, {})).toEqual(address);
});

test('a user and a password come from the environment where the address has none', () => {
  const env = { CORR2D_QUEUE: 'redis://host/q', CORR2D_QUEUE_USERNAME: 'me', CORR2D_QUEUE_PASSWORD: 'secret' };
  expect(readQueueAddress('auto', env)).toMatchObject({ host: 'host', username: 'me', password: 'secret' });
  expect(readQueueAddress('redis://you:own@other/q', env)).toMatchObject({ username: 'you', password: 'own' });
});

test('what is shown names no user and no password', () => {
  const address = readQueueAddress('rediss://me:secret@host:7000/q?db=2', {});
  expect(showQueue(address)).toBe('rediss://host:7000/q?db=2');
});

test.each([
  ['auto', "Expected a queue's address in CORR2D_QUEUE for --queue auto but found none"],
  ['', 'Expected redis://host[:port]/name'],
  ['photos', 'but received photos'],
  ['http://me:secret@host/q', 'but received http://…@host/q'],
  ['redis://host/0', '(?db=0 is a database)'],
  ['redis://host/a/b', "Expected a queue's name of letters"],
  ['redis://host/q?family=6', 'Expected nothing but ?db= behind the name'],
  ['redis://host/q?db=-1', 'Expected a whole number for ?db='],
])('refuses %s', (text, message) => {
  expect(() => readQueueAddress(text, {})).toThrow(message);
  const refusal = catching(() => readQueueAddress(text, {}));
  expect(refusal).not.toContain('secret');
});

function catching(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return expect.fail('Expected a refusal');
}
