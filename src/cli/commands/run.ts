import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import { databaseOption, ledgerSchemaOption, natsOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import { roleNamed, rolesOf } from '../role-named.ts';
import { addRoleOptions, type RoleFlags, roleSettings } from '../role-settings.ts';
import { serverSettings } from '../server-settings.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends RoleFlags {
  readonly root?: string;
  readonly role?: string;
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly ledgerSchema?: string;
}

export const run: Command = {
  name: 'run',
  register: (parser, terminal) => {
    addRoleOptions(
      parser
        .command('run')
        .summary('run one role: accept messages over HTTP, or write them to Postgres')
        .description(
          'Runs one role of the file until SIGTERM, then finishes or gives back the messages it holds. With NATS_URL, messages go ' +
            'through JetStream; without it, through Postgres. Waits for a server that is away. Does not start if a server differs from ' +
            'the file. Every role serves /healthz and /readyz. A worker without a port chooses a free one on 127.0.0.1 and logs it. A role that ' +
            'accepts messages listens on 127.0.0.1 only while the pipeline has no key, unless given --allow-anonymous.',
        )
        .argument('<file>', 'the .nom file')
        .option('-r, --role <name>', 'the role to run'),
    )
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(ledgerSchemaOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => start(file, options, terminal));
  },
};

async function start(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, options.root);
  if (options.role === undefined)
    throw usage(`which role? ${plan.file} has ${rolesOf(plan)}: choose one with --role=NAME`);
  const role = roleNamed(plan, options.role);
  const settings = serverSettings(options);
  const { listen, access, level } = roleSettings(role, options);
  const { runRole } = await import('../../runtime/run.ts');
  const lost = await runRole({
    plan,
    role,
    ...settings,
    level,
    listen,
    access,
  });
  if (lost !== undefined) throw fault(lost.message);
}
