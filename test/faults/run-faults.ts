import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '../support/database.ts';
import { nomnom, root } from '../support/nomnom.ts';
import { until } from '../support/until.ts';
import { carryOutDeploy } from './deploy.ts';
import { disturb, type FaultCounts } from './disturb.ts';
import { withoutDoubtful, withoutUnsendable } from './doubtful.ts';
import { drawFaults } from './fault-plan.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { addPoisonConstraints, type LiveState, pipelineText, readState, watchOrder } from './live.ts';
import { late } from './late.ts';
import { type LostFacts, watchLost } from './lost.ts';
import { misbehaved } from './misbehaved.ts';
import type { FaultOptions } from './options.ts';
import { queued } from './queued.ts';
import { seeded } from './random.ts';
import { type Readiness, unready } from './readiness.ts';
import { attempt, leftIn, type RestTimes, reuseKeys, waitForRest } from './rest.ts';
import { type Sending, startSending } from './sender.ts';
import type { FaultyServers } from './servers.ts';
import { situation } from './situation.ts';
import { holdSnapshot } from './snapshot.ts';
import type { ProcessFacts } from './supervised.ts';
import { disagreements, lostInVain } from './verdict.ts';
import { type Deploy, drawDeploy, secondProgram } from './versions.ts';
import { workload } from './workload.ts';

/** What one run did and found. */
export interface FaultRun {
  readonly options: FaultOptions;
  readonly faults: FaultCounts;
  readonly readiness: Readiness;
  readonly sending: Pick<Sending, 'accepted' | 'facts'>;
  readonly lost: LostFacts;
  /** Absent in a round with one program. */
  readonly deploy: Deploy | undefined;
  readonly processes: readonly ProcessFacts[];
  readonly state: LiveState;
  /** Seconds; `disturbed` is the time of sending and faults. */
  readonly times: RestTimes & { readonly disturbed: number };
  /** A line for each thing that is not as promised; empty when all is. */
  readonly wrong: readonly string[];
  /** Messages that the queue still held at the end, all of them with a final status. */
  readonly left: number;
  readonly natsVersion: string;
}

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
  const text = pipelineText(readFileSync(join(root, 'test/faults/faults.nom'), 'utf8'), name, options);
  writeFileSync(file, text);
  const database = await createDatabase(servers.postgres.url);
  const natsUrl = options.queue === 'jetstream' ? servers.nats.url : undefined;
  const pipeline: Pipeline = {
    name,
    file,
    text,
    databaseUrl: database.url,
    processUrl: servers.pooler === undefined ? database.url : sameDatabase(database.url, servers.pooler.url),
    natsUrl,
  };
  try {
    // On a busy machine a server may need longer for a new connection than a command waits.
    await until('the pipeline to be applied', async () => {
      const applied = await nomnom(['apply', file, '--yes'], { env: environment(pipeline) });
      if (applied.status !== 0) throw new Error(applied.err);
      return true;
    });
    await addPoisonConstraints(database.url);
    await watchOrder(database.url);
    const letGo = options.properties.includes('snapshot') ? holdSnapshot(database.url) : undefined;
    try {
      const to = { databaseUrl: pipeline.processUrl, natsUrl };
      const fleet = await startFleet(file, options, to, note);
      try {
        return await runFleet(options, servers, fleet, pipeline, note);
      } finally {
        await fleet.end();
      }
    } finally {
      await letGo?.();
    }
  } finally {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Pipeline {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly databaseUrl: string;
  /** The same database, through the pooler where there is one. */
  readonly processUrl: string;
  readonly natsUrl: string | undefined;
}

async function runFleet(
  options: FaultOptions,
  servers: FaultyServers,
  fleet: Fleet,
  pipeline: Pipeline,
  note: (text: string) => void,
): Promise<FaultRun> {
  const { databaseUrl, natsUrl } = pipeline;
  const stream = pipeline.name.toUpperCase();
  const random = seeded(options.seed);
  const sends = workload(options, random.fork());
  const plan = drawFaults(options, random.fork());
  const deploy = drawDeploy(options, random.fork());
  note(`${fleet.members.length} processes are ready; sending begins`);
  const sending = startSending(sends, fleet.urls);
  const lost = watchLost(databaseUrl, sending);
  const wrong: string[] = [];
  try {
    const begun = performance.now();
    const [{ counts, readiness }] = await Promise.all([
      disturb({ fleet, servers, databaseUrl, natsUrl, stream, note }, plan),
      deploy === undefined ? undefined : attempt(wrong, () => bringOut(fleet, pipeline, deploy, note)),
    ]);
    const faults = deploy === undefined ? counts : new Map([...counts, ['new version', 1]]);
    const disturbed = (performance.now() - begun) / 1000;
    note('the last fault is over');
    const rest = await waitForRest(databaseUrl, { sending, lost, faults }, options.recovery, wrong);
    if (wrong.length > 0) note(await situation(databaseUrl));
    const left = await leftIn(() => queued(databaseUrl, natsUrl, stream));
    note(`at rest; the queue holds ${left.messages} messages${left.messages > 0 ? `: ${left.details}` : ''}`);
    if (left.messages > 0 && !faults.has('NATS killed')) wrong.push(`the queue still holds ${left.details}`);
    const ready = await unready(fleet.urls);
    await reuseKeys(sending, wrong);
    await leftIn(() => queued(databaseUrl, natsUrl, stream));
    sending.abandon();
    await lost.stop();
    await fleet.end();
    const found = await readState(databaseUrl);
    const { accepted, state } = withoutUnsendable(sending, found);
    const processes = fleet.members.map(({ process }) => process.facts);
    wrong.push(
      ...readiness.wrong,
      ...ready,
      ...sending.facts.wrong,
      ...disagreements(
        { accepted, facts: sending.facts },
        withoutDoubtful(state, { accepted, facts: sending.facts }),
      ),
      ...late(sending, found.statuses, faults, rest.calm, options.recovery),
      ...lostInVain(lost.facts.ids, faults),
      ...misbehaved(processes, faults, sending.facts),
    );
    const times = { ...rest, disturbed };
    const { facts } = lost;
    const { natsVersion } = servers;
    return {
      options,
      faults,
      readiness,
      sending,
      lost: facts,
      deploy,
      processes,
      state: found,
      times,
      wrong,
      left: left.messages,
      natsVersion,
    };
  } finally {
    sending.abandon();
    await lost.stop();
  }
}

async function bringOut(
  fleet: Fleet,
  pipeline: Pipeline,
  deploy: Deploy,
  note: (text: string) => void,
): Promise<void> {
  const second = pipeline.file.replace('.nom', '-2.nom');
  writeFileSync(second, secondProgram(pipeline.text, deploy.change));
  await carryOutDeploy(fleet, second, environment(pipeline), deploy, note);
}

function environment({ processUrl, natsUrl }: Pipeline): Readonly<Record<string, string>> {
  return { DATABASE_URL: processUrl, ...(natsUrl === undefined ? {} : { NATS_URL: natsUrl }) };
}

/** The database of one URL at the address of another. */
function sameDatabase(databaseUrl: string, serverUrl: string): string {
  const url = new URL(serverUrl);
  url.pathname = new URL(databaseUrl).pathname;
  return url.href;
}
