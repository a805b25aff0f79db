import type { ConnectionOptions } from 'node:tls';
import { Client, type ClientConfig } from 'pg';
import { bindWithoutCopies } from './bind.ts';
import { requireChannelBinding } from './channel-binding.ts';
import type { Parameters } from './parameters.ts';
import { passwordFrom } from './password-file.ts';
import type { RouteChoice } from './routes.ts';
import { tlsOptions } from './tls.ts';

/** The pool makes its connections with it: each takes the route that is current when it is made. */
export function clientOver(parameters: Parameters, routes: RouteChoice): typeof Client {
  return class extends Client {
    constructor(config: ClientConfig) {
      const { host, port, tls } = routes.current();
      const { user, database, passwordFile } = parameters;
      const password = parameters.password ?? passwordFrom(passwordFile, { host, port, database, user });
      const { options, fault } = tls ? triedTlsOptions(parameters) : { options: false, fault: undefined };
      super({
        ...config,
        host,
        port,
        user,
        database,
        // Without one, the driver would look for it by its own rules.
        password: () => password ?? '',
        ssl: options,
        ...(tls && parameters.directTls ? { sslnegotiation: 'direct' as const } : {}),
        enableChannelBinding: tls && parameters.channelBinding !== 'disable',
        ...(parameters.options === undefined ? {} : { options: parameters.options }),
        ...(parameters.connectTimeout === undefined
          ? {}
          : { connectionTimeoutMillis: parameters.connectTimeout }),
      });
      if (fault !== undefined) {
        this.connect = failing(fault);
        this.connection.stream.destroy();
      }
      bindWithoutCopies(this);
      if (parameters.channelBinding === 'require') requireChannelBinding(this);
    }
  };
}

/** The pool may make a client where nobody hears an error; who waits for the connection does. */
function failing(fault: unknown): Client['connect'] {
  return ((callback: (error: unknown) => void) => process.nextTick(callback, fault)) as Client['connect'];
}

function triedTlsOptions(parameters: Parameters): {
  readonly options: ConnectionOptions | false;
  readonly fault: unknown;
} {
  try {
    return { options: tlsOptions(parameters), fault: undefined };
  } catch (fault) {
    return { options: false, fault };
  }
}
