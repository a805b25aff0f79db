import { expect, vi } from 'vitest';
import { type Counts, counted, NO_COUNTS } from '../../src/adapters/telemetry/counts.ts';
import { logTelemetry } from '../../src/adapters/telemetry/log-telemetry.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Telemetry } from '../../src/ports/telemetry.ts';
import {
  startWorker,
  type Worker,
  type WorkerOptions,
  type WorkerState,
} from '../../src/roles/worker/worker.ts';

/** Writes events to the log as a process does, and counts them for the test. */
function countingTelemetry(log: Log): Telemetry & { readonly counts: () => Counts } {
  let counts = NO_COUNTS;
  const written = logTelemetry(log);
  return {
    counts: () => counts,
    record(event) {
      counts = counted(counts, event);
      written.record(event);
    },
  };
}

/** A worker with a state that also has what its events count up to. */
export type CountedWorker = Omit<Worker, 'state'> & {
  state(): WorkerState & { readonly counters: Counts };
  /** Waits until the worker counted exactly this: it counts a message a moment after its commit. */
  counted(expected: Partial<Counts>): Promise<void>;
};

/** Starts a worker whose events go to the log, and are counted. */
export function startCountedWorker(options: Omit<WorkerOptions, 'telemetry'>): CountedWorker {
  const telemetry = countingTelemetry(options.log);
  const worker = startWorker({ ...options, telemetry });
  return {
    ...worker,
    state: () => ({ ...worker.state(), counters: telemetry.counts() }),
    counted: (expected) =>
      vi.waitFor(() => expect(telemetry.counts()).toMatchObject(expected), { timeout: 60_000, interval: 20 }),
  };
}
