import type { FailureCode } from '../../ports/failure.ts';

/** What nats-server sends as `-ERR` where it refuses a connection, or a subscription of one, and what that means here. */
export interface Refusal {
  /** The server's words, in small letters: `server/errors.go` and `server/client.go` of nats-server have them. */
  readonly words: string;
  /** What it refuses; a refused subscription leaves a connection that hears nothing. */
  readonly refuses: 'connection' | 'subscription';
  /** QUEUE_UNAVAILABLE where it may pass by itself: another client ends, for example. */
  readonly code: Extract<FailureCode, 'QUEUE_UNAVAILABLE' | 'QUEUE_MISCONFIGURED'>;
  /** Behind `NATS at HOST `. */
  readonly told: string;
  readonly help: string;
}

const CREDENTIALS =
  'Correct or renew what NATS_URL, NATS_USER and NATS_PASSWORD, NATS_TOKEN, NATS_CREDS or NATS_NKEY say: see docs/tls.md.';

const REFUSALS: readonly Refusal[] = [
  {
    words: 'maximum connections exceeded',
    refuses: 'connection',
    code: 'QUEUE_UNAVAILABLE',
    told: 'has no more connections: maximum connections exceeded',
    help: 'Raise `max_connections` of nats-server, or end clients that nobody needs.',
  },
  {
    words: 'maximum account active connections exceeded',
    refuses: 'connection',
    code: 'QUEUE_UNAVAILABLE',
    told: 'has no more connections for the account of this user: maximum account active connections exceeded',
    help: 'Raise the connections that the account may have, or end clients of it that nobody needs.',
  },
  {
    words: 'maximum subscriptions exceeded',
    refuses: 'subscription',
    code: 'QUEUE_UNAVAILABLE',
    told: 'takes no more subscriptions of this connection or its account: maximum subscriptions exceeded',
    help: 'Raise `max_subscriptions` of nats-server, or the subscriptions that the account may have.',
  },
  {
    words: 'secure connection - tls required',
    refuses: 'connection',
    code: 'QUEUE_MISCONFIGURED',
    told: 'takes connections over TLS only: Secure Connection - TLS Required',
    help: 'Write tls:// into NATS_URL, and set NATS_CA: see docs/tls.md.',
  },
  {
    words: 'user authentication expired',
    refuses: 'connection',
    code: 'QUEUE_MISCONFIGURED',
    told: 'refuses the credentials: they have expired',
    help: CREDENTIALS,
  },
  {
    words: 'user authentication revoked',
    refuses: 'connection',
    code: 'QUEUE_MISCONFIGURED',
    told: 'refuses the credentials: they have been revoked',
    help: CREDENTIALS,
  },
  {
    words: 'account authentication expired',
    refuses: 'connection',
    code: 'QUEUE_MISCONFIGURED',
    told: 'refuses the credentials: those of the account have expired',
    help: 'Renew the JWT of the account, and give it to nats-server; the credentials of this user may be good.',
  },
  {
    // A busy machine may be late with them: the server has refused none.
    words: 'authentication timeout',
    refuses: 'connection',
    code: 'QUEUE_UNAVAILABLE',
    told: 'gave up waiting for the credentials: Authentication Timeout',
    help: 'Look whether nats-server or this machine is overloaded, or raise `timeout` of its `authorization`.',
  },
  {
    words: 'authorization violation',
    refuses: 'connection',
    code: 'QUEUE_MISCONFIGURED',
    told: 'refuses the credentials: they are unknown there, have expired, or are missing',
    help: CREDENTIALS,
  },
];

/** What the server refuses with these words of it; undefined where they are others. */
export function refusalIn(message: string): Refusal | undefined {
  const small = message.toLowerCase();
  return REFUSALS.find(({ words }) => small.includes(words));
}
