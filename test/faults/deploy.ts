import { setTimeout as sleep } from 'node:timers/promises';
import { nomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';
import type { Fleet, Member } from './fleet.ts';
import type { Deploy } from './versions.ts';

/** Milliseconds that servers which come and go may hold up `nomnom apply`, and the start of one process. */
const APPLIED = 90_000;
const STARTED = 60_000;

/** Brings the second program to every process, one after the other. Throws where it cannot be applied. */
export async function carryOutDeploy(
  fleet: Fleet,
  file: string,
  env: Readonly<Record<string, string>>,
  { after, change, order, gaps }: Deploy,
  note: (text: string) => void,
): Promise<void> {
  await sleep(after * 1000);
  note(`version 2 is applied (${change}, ${order})`);
  let said = '';
  const isApplied = async (): Promise<boolean> => {
    const { status, out, err } = await nomnom(['apply', file, '--yes'], { env });
    said = `${out}${err}`;
    return status === 0;
  };
  await until('version 2 to be applied', isApplied, { within: APPLIED, every: 1_000 }).catch(
    (cause: unknown) => {
      throw new Error(`version 2 cannot be applied: ${said}`, { cause });
    },
  );
  for (const [at, member] of inOrder(fleet, order).entries()) {
    await sleep((gaps[at] ?? 0) * 1000);
    await restart(member, file, note);
  }
  note('every process has version 2');
}

function inOrder({ workers, ingests }: Fleet, order: Deploy['order']): readonly Member[] {
  return order === 'workers first' ? [...workers, ...ingests] : [...ingests, ...workers];
}

/** A process that a fault holds ends once it is let go; the next one waits for that. */
async function restart(
  { process, runFile }: Member,
  file: string,
  note: (text: string) => void,
): Promise<void> {
  const before = process.facts.starts;
  runFile(file);
  note(`${process.name} gets version 2`);
  process.signal('SIGTERM');
  await until(`${process.name} to start again`, () => process.facts.starts > before, {
    within: STARTED,
    every: 50,
  });
}
