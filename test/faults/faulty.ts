import { chmodSync, rmSync } from 'node:fs';
import type { RunningServer } from '../support/process.ts';
import { until } from '../support/until.ts';

/** In order; as a crash of its process would; or with all of its processes at the same moment. */
export type Ending = 'stopped' | 'killed' | 'killed at once';

/** A server that can be ended and started again with what it had stored, at the same address. */
export interface FaultyServer {
  readonly url: string;
  /** Ends it; where it is killed, without a word to its clients. */
  end(how: Ending): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes what it stored. */
  remove(): Promise<void>;
}

export interface Ways {
  readonly start: () => Promise<RunningServer | undefined>;
  readonly kill: (how: Ending) => void;
  /** What to do where the program is not there. */
  readonly missing: string;
}

export async function faulty(folder: string, { start, kill, missing }: Ways): Promise<FaultyServer> {
  chmodSync(folder, 0o700);
  const begin = async (): Promise<RunningServer> => {
    const server = await start();
    if (server === undefined) throw new Error(`the fault runner ends and starts servers itself: ${missing}`);
    return server;
  };
  let running: RunningServer | undefined = await begin();
  const { url } = running;
  const end = async (how: Ending): Promise<void> => {
    const ending = running;
    running = undefined;
    if (ending === undefined) return;
    if (how !== 'stopped') kill(how);
    await ending.stop();
  };
  return {
    url,
    end,
    async start() {
      if (running !== undefined) return;
      // A killed server may leave children and a port that take a moment to go.
      running = await until('a server to start again', begin, { within: 30_000, every: 200 });
    },
    async remove() {
      await end('stopped');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
