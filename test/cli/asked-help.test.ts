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

test.each([
  ['nope --help', 'nope'],
  ['nope -h', 'nope'],
  ['--help nope', 'nope'],
  ['--no-color nope --help', 'nope'],
  ['nope extra --help', 'nope'],
  ['dlq nope --help', 'nope'],
  ['keys --help nope', 'nope'],
])('%s is refused as it is without --help', async (line, word) => {
  const words = line.split(' ');
  const ran = await nomnom(words);
  expect(ran).toMatchObject({ status: 2, out: '' });
  expect(ran.err).toContain(`error: unknown command '${word}'\n`);
  expect(ran).toEqual(await nomnom(words.filter((each) => !/^(--help|-h)$/.test(each))));
});

test.each([
  [['--help'], 'Usage: nomnom [options] [command]'],
  [['dlq', '--help'], 'Usage: nomnom dlq [options] [command]'],
  [['dlq', 'list', '-h'], 'Usage: nomnom dlq list '],
  [['check', 'no-such.nom', '--help'], 'Usage: nomnom check '],
])('%j still prints help', async (asked, usage) => {
  const ran = await nomnom(asked);
  expect(ran).toMatchObject({ status: 0, err: '' });
  expect(ran.out).toContain(usage);
});

test('--help of a misspelt command names the nearest', async () => {
  expect((await nomnom(['sned', '--help'])).err).toContain('Did you mean send?');
});

test('help of a misspelt command names the nearest', async () => {
  expect((await nomnom(['help', 'dlq', 'lsit'])).err).toContain('Did you mean list?');
});

test('a file may be called help', async () => {
  expect((await nomnom(['check', 'help'])).err).toContain('help');
  expect((await nomnom(['check', 'help'])).err).not.toContain('unknown command');
});
