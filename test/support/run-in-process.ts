import { type CommandEnd, runCommand } from '../../src/cli/run-command.ts';
import { colorsIn } from '../../src/cli/terminal.ts';

/** What a command printed, and how it ended. */
export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Commands that are servers, or read their standard input, or change what the whole process does. */
const OWN_PROCESS: ReadonlySet<string> = new Set(['run', 'dev', 'lsp', 'eval', 'init']);

/** Whether a command does in this process what it does in one of its own. */
export function runsInProcess(args: readonly string[]): boolean {
  const [command = ''] = args;
  return /^[a-z]+$/.test(command) && !OWN_PROCESS.has(command) && !args.includes('-');
}

/** The environment is of the whole process: commands with the same one run at once, others wait. */
let holder: { readonly key: string; readonly previous: NodeJS.ProcessEnv; users: number } | undefined;
let freed = Promise.withResolvers<void>();

async function withEnvironment<T>(environment: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const key = JSON.stringify(environment);
  while (holder !== undefined && holder.key !== key) await freed.promise;
  holder ??= { key, previous: process.env, users: 0 };
  holder.users += 1;
  process.env = environment;
  try {
    return await work();
  } finally {
    holder.users -= 1;
    if (holder.users === 0) {
      process.env = holder.previous;
      holder = undefined;
      freed.resolve();
      freed = Promise.withResolvers();
    }
  }
}

/** Runs a command as a process would, without the half second of processor time that a process takes to start. */
export function runInProcess(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  return withEnvironment(environment, async () => {
    let out = '';
    let err = '';
    const { status }: CommandEnd = await runCommand(args, (wanted) => ({
      out: (text) => void (out += text),
      note: (text) => void (err += text),
      interactive: false,
      showsProgress: false,
      get color() {
        return wanted() && colorsIn(environment, false);
      },
    }));
    return { status, out, err };
  });
}
