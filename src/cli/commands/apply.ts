import type { Command } from '../command.ts';
import { confirmChange } from '../confirm.ts';
import { fault } from '../exit.ts';
import {
  databaseOption,
  jsonOption,
  ledgerSchemaOption,
  logLevelOption,
  natsOption,
  quietOption,
  rootOption,
  yesOption,
} from '../options.ts';
import { dryRunText } from '../dry-run.ts';
import { loadPlan } from '../program-file.ts';
import { serverSettings } from '../server-settings.ts';
import { setting } from '../settings.ts';
import { lockTeller } from '../tell-locks.ts';
import type { Terminal } from '../terminal.ts';
import { jsonText } from '../json-text.ts';
import { visibleLines } from '../../text/visible.ts';

interface Options {
  readonly root?: string;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly quiet?: true;
  readonly json?: true;
  readonly whileRunning?: true;
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly ledgerSchema?: string;
  readonly logLevel?: string;
}

export const apply: Command = {
  name: 'apply',
  register: (parser, terminal) => {
    parser
      .command('apply')
      .summary('create or complete tables, constraints, indexes, streams and consumers')
      .description(
        'Changes the live servers to match the file, if no data is lost: creates tables, unique constraints, indexes, foreign ' +
          'keys, streams and consumers. Drops nothing and narrows nothing; lists the changes that you must make yourself. Safe to ' +
          'repeat. Asks first, unless --yes is given. Refuses a change that running processes of another version of the file would ' +
          'fail by, and says what to do first.',
      )
      .argument('<file>', 'the .nom file')
      .addOption(yesOption())
      .option('--dry-run', 'print the statements, and change nothing')
      .option(
        '--while-running',
        'apply a change even if running processes of another program would fail by it',
      )
      .addOption(quietOption())
      .addOption(jsonOption('what was done and what is left to do'))
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(ledgerSchemaOption())
      .addOption(logLevelOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => run(file, options, terminal));
  },
};

async function run(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, options.root);
  const settings = serverSettings(options);
  const level = setting('LOG_LEVEL', { name: '--log-level', value: options.logLevel }) ?? 'warn';
  const [
    { openCommandServers },
    { applyTables, plannedChanges },
    { applyPartitions },
    { verify },
    { differenceLine, refusalText },
    { refuseQueueChanges },
    { fitServer },
  ] = await Promise.all([
    import('../../runtime/command-servers.ts'),
    import('../../roles/setup/apply-tables.ts'),
    import('../../roles/setup/partitions.ts'),
    import('../../roles/setup/verify.ts'),
    import('../../roles/setup/refusal.ts'),
    import('../../roles/setup/while-running.ts'),
    import('../../runtime/fit-server.ts'),
  ]);
  const locks = lockTeller(terminal);
  const servers = await openCommandServers({
    ...settings,
    level,
    connections: 4,
    name: 'nomnom apply',
    // An index on a large table may take long.
    statementTimeout: 0,
    onGaveWay: locks.gaveWay,
  });
  const say = (text: string): void => {
    if (options.quiet !== true && options.json !== true) terminal.out(text);
  };
  const silence = locks.watch(servers.store);
  try {
    await fitServer(servers.store);
    const before = await verify(servers.store, servers.queue, plan);
    const fixable = before.filter((difference) => difference.fixable);
    if (options.dryRun === true) {
      const planned = dryRunText(
        await plannedChanges(servers.store, servers.queue, plan),
        settings.ledgerSchema,
      );
      const refusal = refusalText(
        file,
        before.filter((difference) => !difference.fixable),
      );
      terminal.out(planned === '' && refusal === undefined ? '-- nothing to do\n' : planned);
      if (refusal !== undefined) throw fault(refusal);
      return;
    }
    if (fixable.length > 0) {
      const asks = options.yes !== true;
      if (asks)
        terminal.note(
          `${file} and the live servers differ:\n${visibleLines(fixable.map(differenceLine).join('\n'))}\n`,
        );
      await confirmChange({ does: `change the servers to match ${file}`, yes: !asks, terminal });
    }
    const whileRunning = options.whileRunning === true;
    if (!whileRunning) await refuseQueueChanges(servers.store, plan, before);
    const tables = await applyTables(servers.store, plan, { whileRunning });
    // Before the queue: what waits in the old partitions is counted by the old consumers.
    const partitions = await applyPartitions(servers.store, servers.queue, plan);
    const done = [...tables, ...partitions, ...(await servers.queue.apply(plan))];
    const left = await verify(servers.store, servers.queue, plan);
    if (options.json === true) terminal.out(jsonText({ done, left }));
    say(done.map((line) => `  ${line}\n`).join(''));
    const tolerated = left.filter(({ tolerable }) => tolerable === true);
    if (tolerated.length > 0)
      say(
        `not changed, because ${file} works with it:\n${visibleLines(tolerated.map(differenceLine).join('\n'))}\n`,
      );
    const refusal = refusalText(file, left);
    if (refusal !== undefined) throw fault(refusal);
    say(`${done.length > 0 ? 'done' : 'nothing to do'}: the servers agree with ${file}\n`);
  } finally {
    silence();
    await servers.close();
  }
}
