import { fork } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { analyze } from '../src/checks/analyze.ts';
import { formatFile } from '../src/syntax/print/format.ts';
import type { Outcome } from './bench.ts';
import type { Figure } from './figures.ts';
import { largeProgram } from '../test/support/large-program.ts';

/*
 * How the time of `check` and `fmt` grows with the text: processor time of one process that has done the same before, so
 * that neither the start nor the compilation of our own code is counted.
 */

const SIZES = [1000, 5000, 20_000, 50_000] as const;
const ENTITIES = 20_000;
const FIELDS = 80_000;
const ROUNDS = 5;

interface Growth {
  /** Microseconds for each line, by the sizes. */
  readonly check: readonly number[];
  readonly fmt: readonly number[];
  /** Seconds. */
  readonly entities: { readonly check: number; readonly fmt: number };
  readonly wideLine: { readonly check: number; readonly fmt: number };
}

/** Measures in a process of its own. */
export async function timePerLine(): Promise<Growth> {
  const child = fork(import.meta.filename);
  const [growth] = (await once(child, 'message')) as [Growth];
  return growth;
}

/**
 * The least seconds of processor time of a few rounds: others may use the machine. Some systems count that time in steps of
 * milliseconds, so a round repeats what is short.
 */
function least(work: () => unknown, times: number): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let time = 0; time < times; time += 1) work();
    best = Math.min(best, process.cpuUsage(before).user / 1_000_000 / times);
  }
  return best;
}

/** Characters that a round reads at least. */
const ROUND = 1_000_000;
const timesOf = (text: string): number => Math.ceil(ROUND / text.length);
const checked = (text: string): number => least(() => analyze({ name: 'large.nom', text }), timesOf(text));
const formatted = (text: string): number =>
  least(() => formatFile({ name: 'large.nom', text }), timesOf(text));

function measured(): Growth {
  const texts = SIZES.map((lines) => largeProgram(lines));
  const perLine = (seconds: (text: string) => number): readonly number[] =>
    texts.map((text, at) => (seconds(text) * 1_000_000) / (SIZES[at] ?? 1));
  const entities = Array.from(
    { length: ENTITIES },
    (_, at) => `entity E${at} { id: int  store e${at} { key (id)  upsert on (id) } }\n`,
  ).join('');
  const fields = Array.from({ length: FIELDS }, (_, at) => `f${at}: int?`).join('  ');
  const wide = `shape S { ${fields} }\n`;
  // The code is compiled by then.
  checked(texts[1] ?? '');
  formatted(texts[1] ?? '');
  return {
    check: perLine(checked),
    fmt: perLine(formatted),
    entities: { check: checked(entities), fmt: formatted(entities) },
    wideLine: { check: checked(wide), fmt: formatted(wide) },
  };
}

export function growthOutcome({ check, fmt, entities, wideLine }: Growth): Outcome {
  const perLine = (what: string, values: readonly number[]): readonly Figure[] =>
    values.map((value, at) => ({
      id: '',
      what: `${what} of ${(SIZES[at] ?? 0).toLocaleString('en')} lines, processor time for each line`,
      value,
      unit: 'µs',
    }));
  const whole = (what: string, value: number): Figure => ({ id: '', what, value, unit: 's' });
  const growth = (values: readonly number[]): number => (values.at(-1) ?? NaN) / (values[0] ?? NaN);
  return {
    figures: [
      ...perLine('check', check),
      ...perLine('fmt', fmt),
      whole('check of 20,000 entities of one line, processor time', entities.check),
      whole('fmt of 20,000 entities of one line, processor time', entities.fmt),
      whole('check of one line of 80,000 fields, processor time', wideLine.check),
      whole('fmt of one line of 80,000 fields, processor time', wideLine.fmt),
    ],
    ratios: [
      { what: 'check, a line of 50,000 / a line of 1,000', value: growth(check), target: 1.5, most: true },
      { what: 'fmt, a line of 50,000 / a line of 1,000', value: growth(fmt), target: 1.5, most: true },
      { what: 'check of 20,000 entities, seconds', value: entities.check, target: 0.8, most: true },
      { what: 'fmt of one line of 80,000 fields, seconds', value: wideLine.fmt, target: 3, most: true },
    ],
  };
}

if (process.send !== undefined && import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.send(measured(), () => process.disconnect());
