import { isIP } from 'node:net';
import type { TokenOptions } from '../adapters/jwt/tokens.ts';
import { isLoopback } from '../http/auth/address.ts';
import type { GateOptions } from '../http/auth/gate.ts';
import type { Health, Reason } from '../http/health.ts';
import type { Listen } from '../http/server.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Rate } from '../ports/sender.ts';
import type { Store } from '../ports/store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { identifyBy } from '../roles/access/identify.ts';
import { type Keyring, startKeyring } from '../roles/access/keyring.ts';
import { tokenSenders } from '../roles/access/token-senders.ts';

/** Who may send to a role, besides the keys in Postgres. */
export interface AccessOptions {
  /** Whether other machines may send while there has never been a key. */
  readonly allowAnonymous?: boolean;
  /** Of the web pages that may send. */
  readonly origins?: readonly string[];
  readonly ratePerAddress?: Rate | undefined;
  /** Addresses and networks of proxies that say where a request comes from. */
  readonly trustedProxies?: readonly string[];
  /** The identity provider whose tokens are taken besides keys. */
  readonly tokens?: TokenOptions | undefined;
}

/** Where a role shall listen. Without a host it is every address where senders have to prove who they are, else loopback. */
export interface AskedListen {
  readonly port: number;
  readonly host: string | undefined;
}

export interface Access {
  readonly gate: GateOptions;
  readonly listen: Listen;
  readonly health: Health;
  stop(): void;
}

export interface AccessContext {
  readonly pipeline: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

/**
 * Reads the keys, and decides by them where to listen. Rejects with NO_KEYS where other machines could send without any. Where
 * Postgres is away the role listens as asked, and lets nobody in before the keys are read.
 */
export async function openAccess(
  options: AccessOptions,
  asked: AskedListen,
  context: AccessContext,
): Promise<Access> {
  const { pipeline, clock, log, telemetry } = context;
  const { allowAnonymous = false, origins = [], ratePerAddress, trustedProxies = [], tokens } = options;
  // Most have none, and start faster without the library.
  const verifier =
    tokens === undefined ? undefined : (await import('../adapters/jwt/tokens.ts')).openTokens(tokens);
  const keyring = await startKeyring(context);
  const proving = verifier !== undefined || keyring.state() !== 'open';
  try {
    const listen = listenAs(asked, proving || allowAnonymous, log);
    return {
      gate: {
        identify: identifyBy({
          keyring,
          tokens: verifier === undefined ? undefined : tokenSenders(pipeline, verifier, clock),
          allowAnonymous,
        }),
        ratePerAddress,
        origins: new Set(origins),
        trustedProxies,
        // The entity is what a stranger wrote. That the role is not ready is told by itself.
        onRefused: ({ status, code }) => {
          if (status !== 503) telemetry.record({ kind: 'refused', entity: '', status, code });
        },
        onManyWrong: (address) =>
          log.warn({ address }, 'many requests without a right key: they are answered slowly'),
      },
      listen,
      health: {
        reasons: () => Promise.resolve(reasonsOf(keyring, verifier !== undefined || allowAnonymous, listen)),
        degraded: () => Promise.resolve([]),
      },
      stop: () => keyring.stop(),
    };
  } catch (error) {
    keyring.stop();
    throw error;
  }
}

function listenAs({ port, host }: AskedListen, mayListenAnywhere: boolean, log: Log): Listen {
  if (mayListenAnywhere) return { port, host: host ?? '0.0.0.0' };
  if (host === undefined) {
    log.warn({}, `listening on this machine only: the pipeline has no key; ${WAYS_OUT}`);
    return { port, host: '127.0.0.1' };
  }
  if (isThisMachine(host)) return { port, host };
  throw new Failure('NO_KEYS', `${host} can be reached from other machines; ${WAYS_OUT}`);
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host));
}

/** Postgres may have been away at the start: then what is wrong is known only later. */
function reasonsOf(keyring: Keyring, mayBeOpen: boolean, { host }: Listen): readonly Reason[] {
  const state = keyring.state();
  if (state === 'unknown') {
    const message = `the keys have not been read yet: ${keyring.trouble() ?? 'Postgres does not answer'}`;
    return [{ check: 'keys', message }];
  }
  if (state === 'closed' || mayBeOpen || isThisMachine(host)) return [];
  return [{ check: 'keys', message: `the pipeline has no key; ${WAYS_OUT}` }];
}

const WAYS_OUT =
  'create a key with nomnom keys create, or start with --allow-anonymous to let everybody send';
