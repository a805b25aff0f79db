import { parseArgs } from 'node:util';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { constructs } from './by-size.ts';

/**
 * `node test/fuzz/growth.ts --times 1000`: checks and compiles each construct so many times and four times as many, and prints
 * those whose processor time grows more than twice as fast as the text; exit 1 with any. Names behind it choose constructs.
 */
const { values, positionals } = parseArgs({
  options: { times: { type: 'string', default: '1000' } },
  allowPositionals: true,
});
const times = Number(values.times);
const GROWTH = 4;
/** Milliseconds: less says nothing. */
const LITTLE = 300;

/** Milliseconds of processor time, the least of three runs. */
function spent(text: string): number {
  const all = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    const { accepted, program } = analyze({ name: 'large.nom', text });
    if (accepted) compilePlan(program, 'large.nom');
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...all);
}

let steep = 0;
for (const [name, make] of Object.entries(constructs)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const [few, many] = [make(times), make(times * GROWTH)];
  const [short, long] = [spent(few), spent(many)];
  const ratio = long / short / (many.length / few.length);
  if (long < LITTLE || ratio < 2) continue;
  steep += 1;
  process.stdout.write(
    `${name}: ${short.toFixed(0)} ms for ${times}, ${long.toFixed(0)} ms for ${times * GROWTH}\n`,
  );
}
process.stdout.write(steep === 0 ? 'nothing grows faster than its text\n' : `${steep} grow too fast\n`);
process.exitCode = steep === 0 ? 0 : 1;
