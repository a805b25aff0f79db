import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSchemas } from './chart-schemas.ts';
import { chartProgram } from './chart-tools.ts';

/** Gets what the tests of the chart need, before they run: `npm run chart:tools`. */
for (const name of ['helm', 'kubeconform'] as const) process.stdout.write(`${await chartProgram(name)}\n`);
const folder = mkdtempSync(join(tmpdir(), 'nomnom-schemas-'));
try {
  await writeSchemas(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
