import type { Plan, RolePlan } from '../../plan/plan.ts';
import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import { databaseOption, logLevelOption, natsOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import { requiredDatabase, setting } from '../settings.ts';
import { stopSignal } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly root?: string;
  readonly role?: string;
  readonly port?: string;
  readonly host: string;
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly logLevel?: string;
}

export const run: Command = {
  name: 'run',
  register: (parser, terminal) => {
    parser
      .command('run')
      .summary('run one role: accept messages over HTTP, or write them to Postgres')
      .description(
        'Runs one role of the file until SIGTERM, then finishes or gives back the messages it holds. With NATS_URL, messages go ' +
          'through JetStream; without it, through Postgres. Waits for a server that is away. Does not start if a server differs from ' +
          'the file.',
      )
      .argument('<file>', 'the .nom file')
      .option('-r, --role <name>', 'the role to run')
      .option(
        '-p, --port <number>',
        'port of the HTTP server, instead of PORT or the setting of the role; 0 chooses a free port',
      )
      .option('--host <address>', 'address that the HTTP server listens on', '0.0.0.0')
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(logLevelOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => runRole(file, options, terminal));
  },
};

async function runRole(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, options.root);
  const role = roleNamed(plan, options.role);
  const port = setting('PORT', { name: '--port', value: options.port }) ?? role.settings.port;
  const databaseUrl = requiredDatabase(options.databaseUrl);
  const natsUrl = setting('NATS_URL', { name: '--nats-url', value: options.natsUrl });
  const level = setting('LOG_LEVEL', { name: '--log-level', value: options.logLevel }) ?? 'info';
  const [
    { openServers },
    { connectionsOf, startRole },
    { pinoLog },
    { systemClock },
    { prove },
    { fit },
    { fitServer },
  ] = await Promise.all([
    import('../servers.ts'),
    import('../roles.ts'),
    import('../../adapters/pino-log.ts'),
    import('../../adapters/system-clock.ts'),
    import('../prove.ts'),
    import('../fit.ts'),
    import('../fit-server.ts'),
  ]);
  const log = pinoLog({ level, fields: { pipeline: plan.pipeline, role: role.name } });
  const name = `nomnom ${plan.pipeline} ${role.name}`;
  const stopping = stopSignal();
  const connections = connectionsOf(role);
  const servers = await openServers({ databaseUrl, natsUrl, log, connections, name, waits: true });
  try {
    const running = await startRole({
      plan,
      role,
      servers,
      clock: systemClock,
      log,
      port,
      host: options.host,
      async prove() {
        await fitServer(servers.store, log);
        await fit(servers, plan, role, connections, log);
        if (role.consumes.length > 0) await prove(servers, plan);
      },
    });
    let end: string | Error;
    try {
      end = await Promise.race([stopping, servers.lost, running.ended.then(() => 'ended' as const)]);
      log.info({ reason: end instanceof Error ? end.message : end }, 'stopping');
    } finally {
      // Also where the role ended by a fault: it may still serve HTTP.
      await running.stop();
    }
    if (end instanceof Error) throw fault(end.message);
  } finally {
    await servers.close();
  }
}

function roleNamed(plan: Plan, name: string | undefined): RolePlan {
  const known = plan.roles.map((role) => role.name).join(', ');
  if (name === undefined) throw usage(`which role? ${plan.file} has ${known}: choose one with --role=NAME`);
  const role = plan.roles.find((each) => each.name === name);
  if (role === undefined) throw usage(`${plan.file} has no role ${name}: it has ${known}`);
  return role;
}
