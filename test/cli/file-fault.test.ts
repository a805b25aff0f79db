import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

test('dev in a folder where it can keep nothing says so in one line, without a stack trace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-fault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'shop'));
  // A file is where the folder of the database would be.
  writeFileSync(join(folder, 'shop', '.nomnom'), '');
  writeFileSync(
    join(folder, 'shop', 'a.nom'),
    'entity A { id: int  store a { key (id)  upsert on (id) } }\n',
  );
  const { status, err } = await nomnom(['dev', 'a.nom', '--port=0'], { cwd: join(folder, 'shop') });
  expect(err).toMatch(/^nomnom: .*\.nomnom.* cannot be written: a part of the path is not a folder$/m);
  expect(err).not.toMatch(/\n\s+at /);
  expect(status).toBe(1);
});
