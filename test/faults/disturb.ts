import { setTimeout as sleep } from 'node:timers/promises';
import { type Disturbed, disturbServers, seconds } from './disturb-servers.ts';
import type { Drawn, FaultPlan, LocalFault } from './fault-plan.ts';
import type { Fleet, Line, Member } from './fleet.ts';
import { newReadiness, type Readiness } from './readiness.ts';
import type { ServerFault } from './server-faults.ts';

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
      const over = disturbServers(target, fault, readiness);
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
      const stranded = proxy.strand(fault.bytes);
      note(`${stranded} connections between ${name} half open for good, after ${fault.bytes} more bytes`);
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
