import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { FlatTable } from './messages.ts';
import type { FlatRow } from './nest.ts';

export const HOW_TO_INSTALL = `The rows come from tpchgen-cli, a dbgen in Rust. Install it with one of:
  pip install tpchgen-cli
  uv tool install tpchgen-cli
  cargo install tpchgen-cli
and have it on the PATH, or name it with --generator PATH.`;

/** The version line of the generator, or undefined where it cannot be run. */
export function generatorVersion(program: string): string | undefined {
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

/** The rows of one flat table in the order of its key; the generator waits while nobody reads. */
export async function* flatRows(program: string, table: FlatTable, scale: number): AsyncGenerator<FlatRow> {
  const child = spawn(
    program,
    ['tbl', `--scale-factor=${scale}`, `--tables=${table}`, '--num-threads=1', '--stdout', '--quiet'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'close');
  try {
    let open = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      const lines = (open + String(chunk)).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) yield columnsOf(line);
    }
    await ended;
    if (open !== '') throw new Error(`${program} ended in the middle of a row of ${table}`);
    if (child.exitCode !== 0) throw new Error(`${program} failed on ${table} with status ${child.exitCode}`);
  } finally {
    child.kill();
  }
}

/** Every column ends with a bar, the last one too. */
function columnsOf(line: string): FlatRow {
  return line.slice(0, -1).split('|');
}
