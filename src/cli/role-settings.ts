import { type Command as Parser } from 'commander';
import type { RolePlan } from '../plan/plan.ts';
import type { AccessOptions } from '../runtime/access.ts';
import type { AskedListen } from '../runtime/where-to-listen.ts';
import { accessFaults, accessOf, type AccessFlags, addAccessOptions } from './access-options.ts';
import { faultsIn } from './faults-in.ts';
import { listenOn } from './listen-on.ts';
import { logLevelOption } from './options.ts';
import { setting } from './settings.ts';
import { type TlsFlags, tlsSettings } from './tls-settings.ts';

export interface RoleFlags extends TlsFlags, AccessFlags {
  readonly port?: string;
  readonly host?: string;
  readonly logLevel?: string;
}

/** Adds the options that say how a role serves: to `run`, and to `doctor`, which tries the same start. */
export function addRoleOptions(parser: Parser): Parser {
  return addAccessOptions(
    parser
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
    .addOption(logLevelOption());
}

/** Reads them, each from its flag or the environment. A wrong one ends the command. */
export function roleSettings(
  role: RolePlan,
  flags: RoleFlags,
): { readonly listen: AskedListen; readonly access: AccessOptions; readonly level: string } {
  return {
    listen: listenOf(role, flags),
    access: accessOf(flags),
    level: levelOf(flags),
  };
}

/** What is wrong with each of them. */
export function roleFaults(flags: RoleFlags): readonly string[] {
  const reads = [() => portOf(flags), () => tlsSettings(flags), () => levelOf(flags)];
  return [...faultsIn(reads), ...accessFaults(flags)];
}

function listenOf(role: RolePlan, flags: RoleFlags): AskedListen {
  return listenOn(role, { port: portOf(flags), host: flags.host, tls: tlsSettings(flags) });
}

function portOf({ port }: RoleFlags): number | undefined {
  return setting('PORT', { name: '--port', value: port });
}

function levelOf({ logLevel }: RoleFlags): string {
  return setting('LOG_LEVEL', { name: '--log-level', value: logLevel }) ?? 'info';
}
