import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codes } from '../../src/checks/codes.ts';
import { liveCodes } from '../../src/checks/live-codes.ts';
import { nomnom } from '../support/nomnom.ts';

const source = new URL('../../src/', import.meta.url);

test('every code that a live server can give has a page', () => {
  const named = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => readFileSync(new URL(name, source), 'utf8').match(/NOM9\d\d/g) ?? []);
  expect([...new Set(named)].toSorted()).toEqual(liveCodes.map(({ code }) => code));
  for (const description of liveCodes) expect(codes.get(description.code)).toBe(description);
});

test.each(liveCodes.map(({ code }) => code))('`nomnom explain %s` prints its page', async (code) => {
  const { status, out } = await nomnom(['explain', code]);
  expect([status, out]).toEqual([0, expect.stringContaining('nomnom apply FILE')]);
});
