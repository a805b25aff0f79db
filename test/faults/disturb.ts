import { setTimeout as sleep } from 'node:timers/promises';
import type { Drawn, FaultPlan, LocalFault, ServerFault } from './fault-plan.ts';
import type { Fleet, Line, Member } from './fleet.ts';
import { cureOrders, dropIndex, restoreIndex, sickenOrders, terminateBackends } from './live.ts';
import { newReadiness, type Readiness, watchReadiness } from './readiness.ts';
import type { FaultyServers } from './servers.ts';

export interface Disturbed {
  readonly fleet: Fleet;
  readonly servers: FaultyServers;
  readonly databaseUrl: string;
  readonly note: (text: string) => void;
}

/** How often each kind happened. */
export type FaultCounts = ReadonlyMap<string, number>;

/** What the faults were, and what the processes said of themselves while one lasted. */
export interface Disturbance {
  readonly counts: FaultCounts;
  readonly readiness: Readiness;
}

/** Carries the faults out and resolves when all are over and everything is back in its place. */
export async function disturb(target: Disturbed, plan: FaultPlan): Promise<Disturbance> {
  const readiness = newReadiness();
  const counts = new Map<string, number>();
  const count = (kind: string): void => void counts.set(kind, (counts.get(kind) ?? 0) + 1);
  /** While a stream is to become full nothing else may happen, or a worker would drain it. */
  let alone: Promise<void> = Promise.resolve();

  const runLocal = async (drawn: readonly Drawn<LocalFault>[]): Promise<void> => {
    for (const { after, fault } of drawn) {
      await sleep(after * 1000);
      await alone;
      await carryOutLocal(target, fault);
      count(fault.kind);
    }
  };
  const runServer = async (drawn: readonly Drawn<ServerFault>[]): Promise<void> => {
    for (const { after, fault } of drawn) {
      await sleep(after * 1000);
      const over = carryOut(target, fault, readiness);
      if (fault.kind === 'stream full') alone = over;
      await over;
      count(fault.kind);
    }
  };
  await Promise.all([runLocal(plan.local), runServer(plan.server)]);
  return { counts, readiness };
}

async function carryOutLocal({ fleet, note }: Disturbed, fault: LocalFault): Promise<void> {
  switch (fault.kind) {
    case 'kill': {
      const { process } = memberAt(fleet, fault.process);
      note(`SIGKILL to ${process.name}${process.signal('SIGKILL') ? '' : ', which is not running'}`);
      return;
    }
    case 'restart': {
      const { process } = memberAt(fleet, fault.process);
      note(`SIGTERM to ${process.name}${process.signal('SIGTERM') ? '' : ', which is not running'}`);
      return;
    }
    case 'freeze': {
      const { process } = memberAt(fleet, fault.process);
      note(`SIGSTOP to ${process.name} for ${seconds(fault.seconds)}`);
      process.signal('SIGSTOP');
      await sleep(fault.seconds * 1000);
      process.signal('SIGCONT');
      return;
    }
    case 'cut': {
      const { name, proxy } = lineAt(fleet, fault.line);
      note(`line between ${name} cut for ${seconds(fault.seconds)}`);
      await proxy.cut();
      await sleep(fault.seconds * 1000);
      await proxy.restore();
      return;
    }
    case 'half-open': {
      const { name, proxy } = lineAt(fleet, fault.line);
      note(`${proxy.strand()} connections between ${name} half open for good`);
      return;
    }
    case 'slow': {
      const { name, proxy } = lineAt(fleet, fault.line);
      note(`line between ${name} ${fault.milliseconds} ms slower for ${seconds(fault.seconds)}`);
      proxy.slow(fault.milliseconds);
      await sleep(fault.seconds * 1000);
      proxy.slow(0);
    }
  }
}

async function carryOut(
  { fleet, servers, databaseUrl, note }: Disturbed,
  fault: ServerFault,
  readiness: Readiness,
): Promise<void> {
  switch (fault.kind) {
    case 'Postgres stopped':
    case 'Postgres killed':
    case 'NATS stopped':
    case 'NATS killed': {
      const check = fault.kind.startsWith('Postgres') ? 'database' : 'queue';
      const server = check === 'database' ? servers.postgres : servers.nats;
      note(`${fault.kind} for ${seconds(fault.seconds)}`);
      await server.end(fault.kind.endsWith('killed') ? 'killed' : 'stopped');
      await watchReadiness(readiness, fleet.urls, check, fault.seconds * 1000);
      await server.start();
      note('the server is back');
      return;
    }
    case 'Postgres unreachable':
    case 'NATS unreachable': {
      const server = fault.kind.startsWith('Postgres') ? 'Postgres' : 'NATS';
      const lines = fleet.members.flatMap(({ lines }) => lines.filter((line) => line.server === server));
      note(`${fault.kind} for ${seconds(fault.seconds)}, all ${lines.length} lines cut`);
      await Promise.all(lines.map(({ proxy }) => proxy.cut()));
      await sleep(fault.seconds * 1000);
      await Promise.all(lines.map(({ proxy }) => proxy.restore()));
      return;
    }
    case 'backends terminated':
      note(`${await terminateBackends(databaseUrl, fault.share)} backends terminated`);
      return;
    case 'index dropped': {
      note(`primary key of order_states dropped for ${seconds(fault.seconds)}`);
      await dropIndex(databaseUrl);
      await sleep(fault.seconds * 1000);
      await restoreIndex(databaseUrl);
      return;
    }
    case 'table sick': {
      note(`every write of orders fails with ${fault.sqlstate} for ${seconds(fault.seconds)}`);
      await sickenOrders(databaseUrl, fault.sqlstate);
      await sleep(fault.seconds * 1000);
      await cureOrders(databaseUrl);
      return;
    }
    case 'stream full': {
      note(`all workers stopped for ${seconds(fault.seconds)}, so that the stream fills`);
      for (const { process } of fleet.workers) process.signal('SIGSTOP');
      await sleep(fault.seconds * 1000);
      for (const { process } of fleet.workers) process.signal('SIGCONT');
    }
  }
}

function memberAt({ members }: Fleet, at: number): Member {
  const member = members[at];
  if (member === undefined) throw new Error(`there is no process ${at}`);
  return member;
}

function lineAt({ members }: Fleet, at: number): Line {
  const line = members.flatMap(({ lines }) => lines)[at];
  if (line === undefined) throw new Error(`there is no line ${at}`);
  return line;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
