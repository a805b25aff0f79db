import { setTimeout as sleep } from 'node:timers/promises';
import { overview } from '../roles/overview/overview.ts';
import { stopSignal } from '../runtime/stop-signal.ts';
import { type ServerFlags, withServers } from './dlq/open.ts';
import { overviewJson, overviewText } from './overview-text.ts';
import { loadPlan } from './program-file.ts';
import type { Terminal } from './terminal.ts';

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
  await withServers(
    plan,
    flags,
    true,
    async ({ store, queue }) => {
      do {
        const seen = await overview(plan, store, queue, Date.now());
        if (flags.json === true)
          terminal.out(`${JSON.stringify(overviewJson(seen), null, watches ? 0 : 2)}\n`);
        else
          terminal.out(
            `${watches && terminal.interactive ? CLEAR : ''}${overviewText(seen)}${watches ? '\n' : ''}`,
          );
        if (watches) await sleep(EVERY, undefined, { signal: stopping.signal }).catch(() => {});
      } while (watches && !stopping.signal.aborted);
    },
    'nomnom status',
  );
}
