import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { colorsIn } from '../../src/cli/terminal.ts';
import { nomnom } from '../support/nomnom.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-colors-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const wrong = join(folder, 'wrong.nom');
writeFileSync(wrong, 'entity Ping { id: nothing }\n');
const COLOR = '\u001B[';

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false, false],
  [{ TERM: 'xterm' }, true, true],
  [{ TERM: 'dumb' }, true, false],
  [{ TERM: 'dumb', FORCE_COLOR: '1' }, true, true],
])('%o on a terminal (%s): colors %s', (environment, interactive, expected) => {
  expect(colorsIn(environment, interactive)).toBe(expected);
});

test.each([['check'], ['test'], ['explain'], ['schema'], ['graph']])(
  'nomnom %s heeds FORCE_COLOR and --no-color, before and after its name',
  async (command) => {
    const env = { NO_COLOR: '', FORCE_COLOR: '1' };
    const text = async (...args: readonly string[]): Promise<string> => {
      const { out, err } = await nomnom(args, { env });
      expect(out + err).toContain('error');
      return out + err;
    };
    expect(await text(command, wrong)).toContain(COLOR);
    expect(await text(command, wrong, '--no-color')).not.toContain(COLOR);
    expect(await text('--no-color', command, wrong)).not.toContain(COLOR);
  },
);
