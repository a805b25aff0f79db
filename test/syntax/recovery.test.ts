import { readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseFile } from '../../src/syntax/parse.ts';

const pipelines = fileURLToPath(new URL('../../pipelines', import.meta.url));

const programs = readdirSync(pipelines, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.nom'))
  .map((name) => ({ name, text: readFileSync(join(pipelines, name), 'utf8') }));

/** The functions in `src/syntax/recovery/` that ran while a file was read, as the engine itself counts them. */
async function enteredBy(source: { readonly name: string; readonly text: string }) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  parseFile(source, () => {});
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();
  return result
    .filter(({ url }) => url.includes('/src/syntax/recovery/'))
    .flatMap(({ functions }) => functions)
    .filter(({ ranges }) => ranges.some(({ count }) => count > 0))
    .map(({ functionName }) => functionName);
}

test.each(programs)('$name is read without recovery', async (source) => {
  expect(await enteredBy(source)).toEqual([]);
});

test.each([
  'entity Order { id: itn',
  'entity Order { id: int store orders { key id } }',
  'entity Order { id: int; }',
  'entity Order { note: text = "a\\q" }',
])('recovery is entered by %s', async (text) => {
  expect(await enteredBy({ name: 'faulty.nom', text })).toContain('recoverFile');
});
