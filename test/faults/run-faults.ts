import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../support/database.ts';
import { nomnom, root } from '../support/nomnom.ts';
import { until } from '../support/until.ts';
import { disturb, type FaultCounts } from './disturb.ts';
import { drawFaults } from './fault-plan.ts';
import { startFleet } from './fleet.ts';
import {
  addPoisonConstraints,
  type LiveState,
  pipelineText,
  readSettled,
  readState,
  watchOrder,
} from './live.ts';
import type { FaultOptions } from './options.ts';
import { type Queued, queued } from './queued.ts';
import { seeded } from './random.ts';
import { type Readiness, unready } from './readiness.ts';
import { type Sending, startSending } from './sender.ts';
import type { FaultyServers } from './servers.ts';
import type { ProcessFacts } from './supervised.ts';
import { disagreements } from './verdict.ts';
import { workload } from './workload.ts';

/** What one run did and found. */
export interface FaultRun {
  readonly options: FaultOptions;
  readonly faults: FaultCounts;
  readonly readiness: Readiness;
  readonly sending: Pick<Sending, 'accepted' | 'facts'>;
  readonly processes: readonly ProcessFacts[];
  readonly state: LiveState;
  /** Seconds. */
  readonly times: RunTimes;
  /** A line for each thing that is not as promised; empty when all is. */
  readonly wrong: readonly string[];
  /** Messages that the queue still held at the end, all of them with a final status. */
  readonly left: number;
  readonly natsVersion: string;
}

export interface RunTimes {
  /** Sending and faults. */
  readonly disturbed: number;
  /** From the last fault until everything had been accepted. */
  readonly accepting: number;
  /** From the last fault until every message that waits for nothing had its final status. */
  readonly recovery: number;
  /** From the last fault until the entries without an account had spent their attempts too. */
  readonly rest: number;
}

/** Milliseconds that the retries of an entry take at most, and some for a loaded machine. */
const RETRIES = 45_000;
/** MB that one process may hold. */
const MEMORY = 400;
/** Milliseconds until all that was acknowledged in vain has been delivered and acknowledged once more. */
const EMPTY = 30_000;
/** Milliseconds until the keys that were used for another body are used once more. */
const REUSED = 60_000;
const LOOK_EVERY = 100;

/** One run over servers that are up: sends, disturbs, waits for rest, and compares. */
export async function runFaults(
  options: FaultOptions,
  servers: FaultyServers,
  print: (line: string) => void,
): Promise<FaultRun> {
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1000;
  const note = (text: string): void => print(`${elapsed().toFixed(1).padStart(7)} s  ${text}`);
  const name = `faults_${randomUUID().slice(0, 8)}`;
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-faults-'));
  const file = join(folder, `${name}.nom`);
  writeFileSync(
    file,
    pipelineText(readFileSync(join(root, 'test/faults/faults.nom'), 'utf8'), name, options),
  );
  const database = await createDatabase(servers.postgres.url);
  const databaseUrl = database.url;
  const natsUrl = options.queue === 'jetstream' ? servers.nats.url : undefined;
  try {
    const env = { DATABASE_URL: databaseUrl, ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }) };
    const applied = await nomnom(['apply', file, '--yes'], { env });
    if (applied.status !== 0) throw new Error(`the pipeline could not be applied:\n${applied.err}`);
    await addPoisonConstraints(databaseUrl);
    await watchOrder(databaseUrl);
    const fleet = await startFleet(file, options, { databaseUrl, natsUrl }, note);
    const random = seeded(options.seed);
    const sends = workload(options, random.fork());
    const plan = drawFaults(options, random.fork());
    note(`${fleet.members.length} processes are ready; sending begins`);
    const sending = startSending(sends, fleet.urls);
    const wrong: string[] = [];
    try {
      const begun = performance.now();
      const { counts: faults, readiness } = await disturb({ fleet, servers, databaseUrl, note }, plan);
      const calm = performance.now();
      note('the last fault is over');
      const since = (): number => (performance.now() - calm) / 1000;
      const { accepted } = sending;

      const within = options.recovery * 1000;
      await attempt(wrong, () => untilAccepted(sending, within));
      const accepting = since();
      const withoutEntries = [...accepted.values()].filter(
        ({ content }) => content.entity !== 'Entry',
      ).length;
      await attempt(wrong, () =>
        until(
          'the status of every message to be final',
          async () => (await readSettled(databaseUrl)).withoutEntries >= withoutEntries,
          { within, every: LOOK_EVERY },
        ),
      );
      const recovery = since();
      if (recovery > options.recovery) wrong.push(`recovery took ${recovery.toFixed(1)} s`);
      await attempt(wrong, () =>
        until('every retry to be over', async () => (await readSettled(databaseUrl)).all >= accepted.size, {
          within: RETRIES,
          every: LOOK_EVERY,
        }),
      );
      const times = { disturbed: (calm - begun) / 1000, accepting, recovery, rest: since() };
      const left = await leftIn(() => queued(databaseUrl, natsUrl, name.toUpperCase()));
      note(`at rest; the queue holds ${left.messages} messages`);
      if (left.messages > 0 && !faults.has('NATS killed'))
        wrong.push(`the queue still holds ${left.details}`);
      const ready = await unready(fleet.urls);
      await attempt(wrong, () => inTime('every key to be used once more', sending.reuse()));
      await leftIn(() => queued(databaseUrl, natsUrl, name.toUpperCase()));
      sending.abandon();
      await fleet.end();
      const state = await readState(databaseUrl);
      const processes = fleet.members.map(({ process }) => process.facts);
      wrong.push(
        ...readiness.wrong,
        ...ready,
        ...sending.facts.wrong,
        ...disagreements(sending, state),
        ...misbehaved(processes, faults),
        ...takenUnseen(sending, processes),
      );
      return {
        options,
        faults,
        readiness,
        sending,
        processes,
        state,
        times,
        wrong,
        left: left.messages,
        natsVersion: servers.natsVersion,
      };
    } finally {
      sending.abandon();
      await fleet.end();
    }
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Acknowledgements that were lost come once more after the ack wait. */
async function leftIn(look: () => Promise<Queued>): Promise<Queued> {
  const isEmpty = async () => (await look()).messages === 0;
  await until('the queue to be empty', isEmpty, { within: EMPTY, every: LOOK_EVERY }).catch(() => {});
  return look();
}

async function attempt(wrong: string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
}

async function inTime(what: string, work: Promise<void>): Promise<void> {
  let over = false;
  void work.then(() => (over = true));
  await until(what, () => over, { within: REUSED, every: LOOK_EVERY });
}

async function untilAccepted({ done }: Sending, within: number): Promise<void> {
  let all = false;
  void done.then(() => (all = true));
  await until('every message to be accepted', () => all, { within, every: LOOK_EVERY });
}

/** A key may only be taken for another body while Postgres, which knows the first, does not answer. */
function takenUnseen({ facts }: Sending, processes: readonly ProcessFacts[]): readonly string[] {
  const { taken } = facts.reused;
  if (taken === 0 || processes.some(({ uncompared }) => uncompared > 0)) return [];
  return [`${taken} keys were taken for another body while Postgres answered`];
}

function misbehaved(processes: readonly ProcessFacts[], faults: FaultCounts): readonly string[] {
  const wrong = processes.flatMap(({ name, crashes, peak }) => [
    ...crashes,
    ...(peak > MEMORY ? [`${name} held ${peak} MB, more than ${MEMORY}`] : []),
  ]);
  const paused = processes.some(({ pauses }) => pauses > 0);
  if (faults.has('index dropped') && !paused) wrong.push('no worker paused while an index was missing');
  return wrong;
}
