import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ciSystem } from '../../src/verify/ci.ts';
import { outsideCi } from '../support/outsideCi.ts';

beforeEach(() => {
  for (const name of Object.keys(outsideCi)) vi.stubEnv(name, '');
});
afterEach(() => void vi.unstubAllEnvs());

test('a machine of a person is none', () => {
  expect(ciSystem()).toBeUndefined();
});

test.each(Object.keys(outsideCi).filter((name) => name !== 'CI'))('%s tells one that does not set CI', (name) => {
  vi.stubEnv(name, 'true');
  expect(ciSystem()).toMatch(/^[a-z_]+$/);
});

test.each(['true', '1', 'yes'])('CI=%s tells one', (value) => {
  vi.stubEnv('CI', value);
  expect(ciSystem()).toBe('CI');
});

test.each(['false', '0', 'FALSE'])('CI=%s tells that it is none', (value) => {
  vi.stubEnv('CI', value);
  vi.stubEnv('JENKINS_URL', 'http://ci.example/');
  expect(ciSystem()).toBeUndefined();
});
