import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sum, type Totals, totalsOfCheck, totalsOfTests } from './support/totals.ts';

/**
 * Everything that `npm test` promises, the quick parts first: format, lint, types, dead code, then the tests.
 * Every part runs, so that one run shows all that is wrong. The last line is `N passed, N failed`.
 * Arguments go to vitest: `npm test -- test/types`.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const environment = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
};

const checks = [
  { title: 'format', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { title: 'lint', command: ['oxlint'] },
  { title: 'types', command: ['tsc', '-p', '.'] },
  { title: 'dead code', command: ['knip', '--no-progress'] },
] as const;

/** The exit status, null when a signal ended the program or it could not be started. */
async function run(command: readonly string[]): Promise<number | null> {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await once(child, 'close');
    return child.exitCode;
  } catch (error) {
    process.stdout.write(`${program} did not start: ${String(error)}\n`);
    return null;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function say(title: string, totals: Totals, since: number): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const result = totals.failed === 0 ? 'ok' : 'FAILED';
  process.stdout.write(`${title}: ${result} (${seconds} s)\n`);
}

async function runTests(filters: readonly string[]): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-tests-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const status = await run(['vitest', 'run', ...reporters, ...filters]);
    return totalsOfTests(textOf(file), status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Undefined where vitest ended before it wrote a report. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function main(): Promise<number> {
  const all: Totals[] = [];
  for (const { title, command } of checks) {
    const since = performance.now();
    const totals = totalsOfCheck(await run(command));
    say(title, totals, since);
    all.push(totals);
  }
  const since = performance.now();
  const totals = await runTests(process.argv.slice(2));
  say('tests', totals, since);
  all.push(totals);
  const { passed, failed } = sum(all);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
