import { accessOf, type AccessFlags, addAccessOptions } from '../access-options.ts';
import type { Command } from '../command.ts';
import { fault, usage } from '../exit.ts';
import { databaseOption, ledgerSchemaOption, logLevelOption, natsOption, rootOption } from '../options.ts';
import { loadPlan } from '../program-file.ts';
import { roleNamed, rolesOf } from '../role-named.ts';
import { serverSettings } from '../server-settings.ts';
import { setting } from '../settings.ts';
import { listenOn } from '../listen-on.ts';
import { type TlsFlags, tlsSettings } from '../tls-settings.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends TlsFlags, AccessFlags {
  readonly root?: string;
  readonly role?: string;
  readonly port?: string;
  readonly host?: string;
  readonly databaseUrl?: string;
  readonly natsUrl?: string;
  readonly ledgerSchema?: string;
  readonly logLevel?: string;
}

export const run: Command = {
  name: 'run',
  register: (parser, terminal) => {
    addAccessOptions(
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
        .option('-r, --role <name>', 'the role to run')
        .option(
          '-p, --port <number>',
          'port of the HTTP server, instead of PORT or the setting of the role; 0 chooses a free port',
        )
        .option(
          '--host <address>',
          'address that the HTTP server listens on (default: 0.0.0.0; 127.0.0.1 for a worker without a port and for a pipeline without a key)',
        ),
    )
      .option(
        '--tls-cert <file>',
        'serve HTTPS with this certificate (PEM), instead of TLS_CERT; read again when it changes',
      )
      .option('--tls-key <file>', 'the key of the certificate (PEM), instead of TLS_KEY')
      .option(
        '--tls-client-ca <file>',
        'take only clients with a certificate of these authorities (PEM), instead of TLS_CLIENT_CA; probes need none',
      )
      .addOption(databaseOption())
      .addOption(natsOption())
      .addOption(ledgerSchemaOption())
      .addOption(logLevelOption())
      .addOption(rootOption())
      .action((file: string, options: Options) => start(file, options, terminal));
  },
};

async function start(file: string, options: Options, terminal: Terminal): Promise<void> {
  const { plan } = loadPlan(file, terminal, options.root);
  if (options.role === undefined)
    throw usage(`which role? ${plan.file} has ${rolesOf(plan)}: choose one with --role=NAME`);
  const role = roleNamed(plan, options.role);
  const port = setting('PORT', { name: '--port', value: options.port });
  const settings = serverSettings(options);
  const level = setting('LOG_LEVEL', { name: '--log-level', value: options.logLevel }) ?? 'info';
  const listen = listenOn(role, { port, host: options.host, tls: tlsSettings(options) });
  const access = accessOf(options);
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
