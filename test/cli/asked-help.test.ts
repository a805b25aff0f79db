import { expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

test.each([
  [['help'], ['--help']],
  [
    ['help', 'send'],
    ['send', '--help'],
  ],
  [
    ['help', 'dlq'],
    ['dlq', '--help'],
  ],
  [
    ['help', 'dlq', 'list'],
    ['dlq', 'list', '--help'],
  ],
  [
    ['dlq', 'help', 'list'],
    ['dlq', 'list', '--help'],
  ],
  [
    ['help', 'keys', 'create'],
    ['keys', 'create', '--help'],
  ],
])('%j prints what %j prints', async (asked, same) => {
  const ran = await nomnom(asked);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).not.toBe('');
  expect(ran).toEqual(await nomnom(same));
});

test.each([
  ['help nope', 'nope'],
  ['help dlq nope', 'nope'],
  ['dlq help nope', 'nope'],
  ['help send nope', 'nope'],
])('%s names the word that is no command', async (line, word) => {
  const ran = await nomnom(line.split(' '));
  expect(ran).toMatchObject({ status: 2, out: '' });
  expect(ran.err).toContain(`error: unknown command '${word}'\n`);
});

test('help of a misspelt command names the nearest', async () => {
  expect((await nomnom(['help', 'dlq', 'lsit'])).err).toContain('Did you mean list?');
});

test('a file may be called help', async () => {
  expect((await nomnom(['check', 'help'])).err).toContain('help');
  expect((await nomnom(['check', 'help'])).err).not.toContain('unknown command');
});
