import type { TokenOptions } from '../adapters/jwt/tokens.ts';
import type { GateOptions } from '../http/auth/gate.ts';
import type { Health } from '../http/health.ts';
import type { Listen } from '../http/server.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Rate } from '../ports/sender.ts';
import type { Store } from '../ports/store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { identifyBy } from '../roles/access/identify.ts';
import { startKeyring } from '../roles/access/keyring.ts';
import { tokenSenders } from '../roles/access/token-senders.ts';
import { accessHealth } from './access-health.ts';
import { type AskedListen, whereToListen } from './where-to-listen.ts';

/** Who may send to a role, besides the keys in Postgres. */
export interface AccessOptions {
  /** Whether other machines may send while there has never been a key. */
  readonly allowAnonymous?: boolean;
  /** Of the web pages that may send. */
  readonly origins?: readonly string[];
  readonly ratePerAddress?: Rate | undefined;
  /** Connections that one address may hold; half of all when absent. */
  readonly connectionsPerAddress?: number | undefined;
  /** Addresses and networks of proxies that say where a request comes from. */
  readonly trustedProxies?: readonly string[];
  /** The identity provider whose tokens are taken besides keys. */
  readonly tokens?: TokenOptions | undefined;
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
  /** Whether every entity asks for a signature of its sender: then nobody needs a key to send. */
  readonly signed: boolean;
  /** Ends the wait for the keys. */
  readonly signal?: AbortSignal | undefined;
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
  const { pipeline, clock, log, telemetry, signed } = context;
  const { allowAnonymous = false, origins = [], ratePerAddress, trustedProxies = [], tokens } = options;
  // Most have none, and start faster without the library.
  const verifier =
    tokens === undefined ? undefined : (await import('../adapters/jwt/tokens.ts')).openTokens(tokens);
  const keyring = await startKeyring(context);
  const proving = verifier !== undefined || keyring.state() !== 'open';
  try {
    const listen = whereToListen(asked, proving || allowAnonymous || signed, log);
    return {
      gate: {
        identify: identifyBy({
          keyring,
          tokens: verifier === undefined ? undefined : tokenSenders(pipeline, verifier, clock),
          allowAnonymous,
        }),
        ratePerAddress,
        origins: new Set(origins),
        anyHost: allowAnonymous,
        trustedProxies,
        // The entity is what a stranger wrote.
        onRefused: ({ status, code }) => telemetry.record({ kind: 'turned-away', entity: '', status, code }),
        onManyWrong: (address) =>
          log.warn({ address }, 'many requests without a right key: they are answered slowly'),
      },
      listen,
      health: accessHealth(keyring, verifier !== undefined || allowAnonymous || signed, asked),
      stop: () => keyring.stop(),
    };
  } catch (error) {
    keyring.stop();
    throw error;
  }
}
