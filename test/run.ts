import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failuresOf } from './support/failures.ts';
import { sum, type Totals, totalsOfCheck, totalsOfTests } from './support/totals.ts';

/**
 * Everything that `npm test` promises: format, lint, types, dead code, one after the other, and the tests meanwhile, which
 * wait much of their time. What the tests print is shown behind the checks.
 * Every part runs, so that one run shows all that is wrong. The last line is `N passed, N failed`.
 * Arguments go to vitest: `npm test -- test/types`. With `--packaging` it runs only the tests of what people install.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const environment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
};

if (process.stdout.isTTY) environment['FORCE_COLOR'] ??= '1';

const checks = [
  { title: 'format', command: ['oxfmt', '--check'] },
  { title: 'lint', command: ['oxlint'] },
  { title: 'types', command: ['tsc', '-p', '.'] },
  { title: 'dead code', command: ['knip', '--no-progress'] },
] as const;

/**
 * The exit status, null when a signal ended the program or it could not be started. What it prints goes to `output`.
 */
async function run(
  command: readonly string[],
  output: (data: Buffer) => void = print,
): Promise<number | null> {
  const [program = '', ...rest] = command;
  const child = spawn(program, rest, { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', output);
  child.stderr.on('data', output);
  const stop = (signal: NodeJS.Signals) => child.kill(signal);
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    await once(child, 'close');
    return child.exitCode;
  } catch (error) {
    output(Buffer.from(`${program} did not start: ${String(error)}\n`));
    return null;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

function print(data: Buffer): void {
  process.stdout.write(data);
}

/** Keeps what is printed until it is let out, and prints the rest as it comes. */
function held(): { readonly output: (data: Buffer) => void; readonly letOut: () => void } {
  let kept: Buffer[] | undefined = [];
  return {
    output: (data) => (kept === undefined ? print(data) : void kept.push(data)),
    letOut: () => {
      kept?.forEach(print);
      kept = undefined;
    },
  };
}

function say(title: string, totals: Totals, since: number): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const result = totals.failed === 0 ? 'ok' : 'FAILED';
  process.stdout.write(`${title}: ${result} (${seconds} s)\n`);
}

/** What failed, a line each: they stand at the end, where whoever sees only that finds them. */
const failures: string[] = [];

async function runTests(filters: readonly string[], output: (data: Buffer) => void): Promise<Totals> {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-tests-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const status = await run(['vitest', 'run', ...reporters, ...filters], output);
    const report = textOf(file);
    failures.push(...failuresOf(report, root));
    return totalsOfTests(report, status);
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

const PACKAGING = ['--config', 'test/packaging/vitest.config.ts'];

async function main(): Promise<number> {
  const filters = process.argv.slice(2);
  if (filters[0] === '--packaging') return testPackages(filters.slice(1));
  const all: Totals[] = [];
  const started = performance.now();
  const { output, letOut } = held();
  const tests = runTests(filters, output);
  for (const { title, command } of checks) {
    const since = performance.now();
    const totals = totalsOfCheck(await run(command));
    if (totals.failed > 0) failures.push(`FAILED ${title}: ${command.join(' ')}`);
    say(title, totals, since);
    all.push(totals);
  }
  letOut();
  const totals = await tests;
  say('tests', totals, started);
  all.push(totals);
  return conclude(sum(all));
}

async function testPackages(filters: readonly string[]): Promise<number> {
  const started = performance.now();
  const totals = await runTests([...PACKAGING, ...filters], print);
  say('packages', totals, started);
  return conclude(totals);
}

function conclude({ passed, failed }: Totals): number {
  for (const failure of failures) process.stdout.write(`${failure}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
