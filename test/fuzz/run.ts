import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { byBytes } from './by-bytes.ts';
import { byGrammar, byWords } from './by-grammar.ts';
import { constructs } from './by-size.ts';
import { faultOf } from './fault.ts';
import { programs } from './programs.ts';

/** `node test/fuzz/run.ts --minutes 10 --seed 7`: texts of every kind in turn until the time is over; exit 1 with a fault. */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? randomInt(0x7fff_ffff));
const end = performance.now() + Number(values.minutes) * 60_000;
const BATCH = 200;
const MAX_TIMES = 600;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const all = programs();
const names = Object.keys(constructs);
const bySize = fc
  .tuple(fc.constantFrom(...names), fc.integer({ min: 1, max: MAX_TIMES }))
  .map(([name, times]) => constructs[name]?.(times) ?? '');
/** The size of a text decides how many of a kind are drawn: each kind has a like share of the time. */
const kinds: readonly (readonly [string, fc.Arbitrary<string>, number])[] = [
  ['grammar', byGrammar, BATCH],
  ['words', byWords(all), BATCH],
  ['bytes', byBytes(all), BATCH],
  ['size', bySize, BATCH / 10],
];

const counts = new Map<string, number>();
const faults = new Map<string, string>();
let slowest = { microseconds: 0, length: 0, kind: '' };

function tried(kind: string, text: string): void {
  const before = process.cpuUsage();
  const fault = faultOf(text);
  const microseconds = process.cpuUsage(before).user;
  if (microseconds > slowest.microseconds) {
    slowest = { microseconds, length: text.length, kind };
    writeFileSync(join(tmpdir(), 'fuzz-slowest.nom'), text);
  }
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const sort = fault?.split('\n').slice(0, 2).join(' ');
  if (fault === undefined || sort === undefined || faults.has(sort)) return;
  const path = join(tmpdir(), `fuzz-${seed}-${faults.size + 1}.nom`);
  writeFileSync(path, text);
  faults.set(sort, path);
  print(`${kind}: ${fault}\n  ${path}`);
}

print(`seed ${seed}`);
const started = performance.now();
const cpu = process.cpuUsage();
for (let round = 0; performance.now() < end; round += 1)
  for (const [kind, texts, many] of kinds)
    for (const text of fc.sample(texts, { numRuns: many, seed: seed + round })) tried(kind, text);

const total = [...counts.values()].reduce((sum, each) => sum + each, 0);
const seconds = (performance.now() - started) / 1000;
const user = process.cpuUsage(cpu).user / 1_000_000;
print(
  `${total} programs (${[...counts].map(([kind, count]) => `${kind} ${count}`).join(', ')}) in ${seconds.toFixed(0)} s, ` +
    `${(total / seconds).toFixed(0)} a second, ${(total / user).toFixed(0)} for each second of processor time`,
);
print(
  `slowest: ${(slowest.microseconds / 1000).toFixed(0)} ms for ${slowest.length} characters (${slowest.kind})`,
);
print(faults.size === 0 ? 'no faults' : `${faults.size} faults`);
process.exitCode = faults.size === 0 ? 0 : 1;
