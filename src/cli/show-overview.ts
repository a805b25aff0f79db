import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../ports/failure.ts';
import { overview } from '../roles/overview/overview.ts';
import { IMPATIENT } from '../runtime/command-servers.ts';
import { stopSignal } from '../runtime/stop-signal.ts';
import { withServers } from './dlq/open.ts';
import type { ServerFlags } from './server-settings.ts';
import { overviewJson, overviewText } from './overview-text.ts';
import { loadPlan } from './program-file.ts';
import type { Terminal } from './terminal.ts';
import { visible } from '../text/visible.ts';
import { jsonText } from './json-text.ts';

export interface OverviewFlags extends ServerFlags {
  readonly root?: string;
  readonly json?: true;
  readonly watch?: true;
}

/** Milliseconds between two looks. */
const EVERY = 2_000;
const CLEAR = '\u001B[2J\u001B[H';

/** Prints a pipeline at a glance, once or until a signal. */
export async function showOverview(file: string, flags: OverviewFlags, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, flags.root);
  const watches = flags.watch === true;
  const stopping = new AbortController();
  if (watches) void stopSignal().then(() => stopping.abort());
  const look = (until: () => boolean): Promise<void> =>
    withServers(
      plan,
      flags,
      true,
      async ({ store, queue }) => {
        do {
          const seen = await overview(plan, store, queue, Date.now());
          if (flags.json === true) terminal.out(jsonText(overviewJson(seen), watches ? 0 : 2));
          else
            terminal.out(
              `${watches && terminal.interactive ? CLEAR : ''}${overviewText(seen)}${watches ? '\n' : ''}`,
            );
          if (until()) return;
          await sleep(EVERY, undefined, { signal: stopping.signal }).catch(() => {});
        } while (!until());
      },
      'nomnom status',
      IMPATIENT,
    );
  if (!watches) return look(() => true);
  const stopped = (): boolean => stopping.signal.aborted;
  while (!stopped()) {
    // Who watches wants to see the outage, and the servers come back: over new connections.
    await look(stopped).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      showOutage(plan.pipeline, error, flags, terminal);
    });
    if (!stopped()) await sleep(EVERY, undefined, { signal: stopping.signal }).catch(() => {});
  }
}

function showOutage(pipeline: string, { message }: Failure, flags: OverviewFlags, terminal: Terminal): void {
  const at = new Date().toISOString();
  if (flags.json === true) terminal.out(jsonText({ pipeline, at, error: message }, 0));
  else terminal.out(`${terminal.interactive ? CLEAR : ''}${pipeline} at ${at}\n\n${visible(message)}\n\n`);
}
