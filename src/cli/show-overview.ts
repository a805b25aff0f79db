import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../ports/failure.ts';
import { overview } from '../roles/overview/overview.ts';
import { stopSignal } from '../runtime/stop-signal.ts';
import { withServers } from './dlq/open.ts';
import type { ServerFlags } from './server-settings.ts';
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
      const show = async (): Promise<void> => {
        const seen = await overview(plan, store, queue, Date.now());
        if (flags.json === true)
          terminal.out(`${JSON.stringify(overviewJson(seen), null, watches ? 0 : 2)}\n`);
        else if (watches) terminal.out(`${terminal.interactive ? CLEAR : ''}${overviewText(seen)}\n`);
        else terminal.out(overviewText(seen));
      };
      if (!watches) return show();
      while (!stopping.signal.aborted) {
        // Who watches wants to see a server come back.
        await show().catch((error: unknown) => {
          if (!(error instanceof Failure)) throw error;
          terminal.note(`${error.message}\n`);
        });
        await sleep(EVERY, undefined, { signal: stopping.signal }).catch(() => {});
      }
    },
    'nomnom status',
  );
}
