import startEnvironment from '../bin/start-environment.json' with { type: 'json' };
import startFlags from '../bin/start-flags.json' with { type: 'json' };

/** The entry of the single executable: as `bin/nomnom`, for the one Node that is part of it. */
/** What V8 compiled for other flags it does not use, and Node would say so. */
const UNWARNED = '--disable-warning=Warning';

const { argv, execArgv, execPath, env } = process;
const [command = ''] = argv.slice(2);
const flags = Object.entries(startFlags).find(([name]) => name === command)?.[1] ?? [];

if (flags[0] !== undefined && !execArgv.includes(flags[0]) && process.execve !== undefined)
  process.execve(execPath, [execPath, `--node-options=${[...flags, UNWARNED].join(' ')}`, ...argv.slice(2)], {
    ...startEnvironment,
    ...env,
  });
void import('../src/cli/main.ts');
