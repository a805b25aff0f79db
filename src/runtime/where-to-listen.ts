import { isIP } from 'node:net';
import { isLoopback } from '../http/auth/address.ts';
import type { Listen } from '../http/server.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';

/** Where a role shall listen. Without a host it is every address where senders have to prove who they are, else loopback. */
export interface AskedListen {
  readonly port: number;
  readonly host: string | undefined;
  readonly tls?: NonNullable<Listen['tls']>;
}

/** What a person can do where a pipeline has no key. */
export const WAYS_OUT =
  'create a key with nomnom keys create, or start with --allow-anonymous to let everybody send';

/** Rejects with NO_KEYS where the role may only listen on this machine and is asked for more. */
export function whereToListen(asked: AskedListen, mayListenAnywhere: boolean, log: Log): Listen {
  const { host } = asked;
  if (mayListenAnywhere) return { ...asked, host: host ?? '0.0.0.0' };
  if (host === undefined) {
    log.warn({}, `listening on this machine only: the pipeline has no key; ${WAYS_OUT}`);
    return { ...asked, host: '127.0.0.1' };
  }
  if (isThisMachine(host)) return { ...asked, host };
  throw new Failure('NO_KEYS', `${host} can be reached from other machines; ${WAYS_OUT}`);
}

export function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}
