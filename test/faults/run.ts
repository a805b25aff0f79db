import { randomInt } from 'node:crypto';
import { balanceSheet, propertyList } from './balance.ts';
import { readOptions, USAGE } from './options.ts';
import { runFaults } from './run-faults.ts';
import { type FaultyServers, refusesWhenFull, startServers } from './servers.ts';
import { type Round, roundOf, summary } from './summary.ts';

/** `npm run test:faults`: exit 0 where every run held all promises, 1 where one did not, 2 for wrong use. */
const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    print(USAGE);
    return 0;
  }
  let runs;
  try {
    runs = readOptions(process.argv.slice(2), () => randomInt(0xffff_ffff));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  print(`seed ${runs[0]?.seed}`);
  const done: Round[] = [];
  let broken = 0;
  for (const asked of runs) {
    let servers: FaultyServers | undefined;
    try {
      servers = await startServers(asked.properties);
      const options = {
        ...asked,
        fullStream: asked.queue === 'postgres' || refusesWhenFull(servers.natsVersion),
      };
      print(
        `\n${options.queue}, seed ${options.seed}: ${options.messages} versioned messages of ${options.keys} keys, ${options.seconds} s, with ${propertyList(options.properties)}`,
      );
      const run = await runFaults(options, servers, print);
      print(`\n${balanceSheet(run)}`);
      done.push(roundOf(run));
    } catch (error) {
      // The other rounds still say something.
      broken += 1;
      print(`\nthe round broke off: ${error instanceof Error ? error.stack : String(error)}`);
    } finally {
      await servers?.remove();
    }
  }
  if (done.length > 1) print(`\n${summary(done)}`);
  return broken === 0 && done.every(({ disagreements }) => disagreements === 0) ? 0 : 1;
}

// Servers end with their runner by themselves, processes under supervision on its exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
