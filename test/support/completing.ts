import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { executable, nomnom } from './nomnom.ts';

/** A folder where a shell completes. */
export interface Completing {
  /** Has `shop.nom`, with the roles taker and writer, and the script as `completion.bash`, `completion.fish` or `_nomnom`. */
  readonly folder: string;
  /** Finds this `nomnom` first. */
  readonly env: NodeJS.ProcessEnv;
}

/** For one test. */
export async function completing(shell: 'bash' | 'fish' | 'zsh'): Promise<Completing> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-completion-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  writeFileSync(
    join(folder, 'shop.nom'),
    `pipeline shop
entity A { id: int  store a { key (id)  upsert on (id) } }
role taker { publish SHOP.ingest }
role writer { consume SHOP.ingest }
`,
  );
  symlinkSync(executable(), join(folder, 'nomnom'));
  const { status, out } = await nomnom(['completion', shell]);
  expect(status).toBe(0);
  writeFileSync(join(folder, shell === 'zsh' ? '_nomnom' : `completion.${shell}`), out);
  return { folder, env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } };
}
