import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Block } from '../docs/blocks.ts';
import { until } from '../support/until.ts';

/** Where the commands of a page run, and what stands for the servers that it names. */
export interface Place {
  /** An empty folder, to which the page adds. */
  readonly folder: string;
  /** The program `nomnom`. */
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  /** What a page writes, and what it means here: addresses of servers, ports. */
  readonly stands: readonly (readonly [written: string, here: string])[];
}

/** Runs the commands of a page in their order, as a reader would, in one shell. */
export interface PageRun {
  /** Gives what is wrong with the block, or undefined. */
  run(block: Block): Promise<string | undefined>;
  /** Ends what still runs. */
  end(): Promise<void>;
}

/** How pages write the Postgres of `nomnom dev`. */
const EMBEDDED = 'postgres://postgres@127.0.0.1:40001/postgres';

const translate = (text: string, pairs: Place['stands'], back = false): string =>
  pairs.reduce(
    (changed, [written, here]) =>
      back ? changed.replaceAll(here, written) : changed.replaceAll(written, here),
    text,
  );

export function pageRun(place: Place): PageRun {
  const bin = join(place.folder, '.bin');
  const state = join(place.folder, '.shell');
  const work = join(place.folder, 'page');
  for (const folder of [bin, state, work]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(bin, 'nomnom'), `#!/bin/sh\nexec '${process.execPath}' '${place.executable}' "$@"\n`);
  chmodSync(join(bin, 'nomnom'), 0o755);
  const { DATABASE_URL: _d, NATS_URL: _n, PORT: _p, LOG_LEVEL: _l, ...rest } = process.env;
  const path = [bin, ...globSync('/usr/lib/postgresql/*/bin'), rest['PATH'] ?? ''].join(delimiter);
  const env = { ...rest, ...place.env, PATH: path, NO_COLOR: '1', PAGER: 'cat', PGCONNECT_TIMEOUT: '10' };
  const running: ChildProcess[] = [];
  let stands = place.stands;

  // What one block exports and where it goes holds for the next one.
  const shell = (script: string, keep: boolean): ChildProcess =>
    spawn(
      'bash',
      [
        '-c',
        [
          'exec 2>&1',
          `cd '${work}'`,
          `if [ -f '${state}/env' ]; then . '${state}/env'; cd "$(cat '${state}/cwd')"; fi`,
          keep
            ? `set -a; trap 'status=$?; pwd >"${state}/cwd"; export -p >"${state}/env"; exit $status' EXIT; set -e`
            : 'set -ae',
          translate(script, stands),
        ].join('\n'),
      ],
      { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
    );

  async function command(script: string): Promise<{ readonly status: number | null; readonly out: string }> {
    const child = shell(script, true);
    let out = '';
    child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, out: translate(out, stands, true) };
  }

  async function end(): Promise<void> {
    await Promise.all(
      running.splice(0).map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const closed = once(child, 'close');
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        await closed;
      }),
    );
  }

  /** Each line is a process that goes on until the page ends, or until a later block says `stop`. */
  async function background({ text, settings, words }: Block): Promise<string | undefined> {
    if (words.includes('stop')) await end();
    for (const line of text.split('\n').filter((each) => each.trim() !== '' && !each.startsWith('#'))) {
      const child = shell(`exec ${line.replace(/\s*&\s*(#.*)?$/, '')}`, false);
      running.push(child);
      let out = '';
      child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
      const ready = settings['until'] ?? '"listening"';
      await until(`${line} to print ${ready}`, () => child.exitCode !== null || out.includes(ready));
      if (child.exitCode !== null) return `\`${line}\` ended with ${child.exitCode}:\n${out}`;
      // `nomnom dev` chooses the port of its Postgres, and the page names one.
      const embedded = /psql '(postgres:[^']+)'/.exec(out)?.[1];
      if (embedded !== undefined) stands = [...place.stands, [EMBEDDED, embedded]];
    }
    return undefined;
  }

  async function run(block: Block): Promise<string | undefined> {
    const { language, settings, text, words } = block;
    const file = settings['file'];
    if (file !== undefined) {
      const cwd = existsSync(join(state, 'cwd')) ? (await command('pwd')).out.trim() : work;
      mkdirSync(dirname(join(cwd, file)), { recursive: true });
      writeFileSync(join(cwd, file), translate(text, stands));
      return undefined;
    }
    if ((language !== 'sh' && language !== 'console') || 'not-run' in settings) return undefined;
    if (words.includes('background')) return background(block);
    const steps = language === 'sh' ? [{ script: text, shown: undefined }] : stepsOf(text);
    for (const [at, { script, shown }] of steps.entries()) {
      const wanted = at === steps.length - 1 ? Number(settings['status'] ?? 0) : 0;
      const tries = words.includes('eventually');
      const attempt = async (): Promise<string | undefined> => {
        const { status, out } = await command(script);
        if (status !== wanted) return `\`${script.trim()}\` ended with ${status}, not ${wanted}:\n${out}`;
        if (shown === undefined || shows(shown, out)) return undefined;
        return `\`${script.trim()}\` printed\n${out}\nand the page shows\n${shown}`;
      };
      let wrong = await attempt();
      // A worker may not have written the row yet: the page says so, and the reader would ask again.
      if (wrong !== undefined && tries)
        await until(`what the page shows: ${wrong}`, async () => (wrong = await attempt()) === undefined, {
          every: 500,
        });
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  return { run, end };
}

/** A block of a session: a command after `$ `, which goes on after a backslash, and below it what it prints. */
export function stepsOf(text: string): readonly { readonly script: string; readonly shown: string }[] {
  const steps: { script: string; shown: string }[] = [];
  let goesOn = false;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const last = steps.at(-1);
    if (line.startsWith('$ ')) steps.push({ script: `${line.slice(2)}\n`, shown: '' });
    else if (last !== undefined && goesOn) last.script += `${line}\n`;
    else if (last !== undefined) last.shown += `${line}\n`;
    goesOn = (line.startsWith('$ ') || goesOn) && line.endsWith('\\');
  }
  return steps;
}

/** Whether an output is what a page shows, where `…` stands for anything in a line, and on its own for any lines. */
export function shows(shown: string, out: string): boolean {
  const quote = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const lines = shown.trimEnd().split('\n');
  const pattern = lines
    .map((line) =>
      line.trim() === '…' ? '(?:.*\\n)*?' : `${quote(line.trimEnd()).replaceAll('…', '.*')} *\\n`,
    )
    .join('');
  return new RegExp(`^${pattern}$`).test(out.trimEnd() === '' ? '\n' : `${out.trimEnd()}\n`);
}
