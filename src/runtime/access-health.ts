import type { Health } from '../http/health.ts';
import type { Keyring } from '../roles/access/keyring.ts';
import { type AskedListen, isThisMachine, WAYS_OUT } from './where-to-listen.ts';

/**
 * Whether senders get in. Postgres may have been away at the start: then it is known only later that the pipeline has no key.
 * `mayBeOpen` where that is as asked.
 */
export function accessHealth(
  keyring: Pick<Keyring, 'state' | 'trouble'>,
  mayBeOpen: boolean,
  { host }: AskedListen,
): Health {
  return {
    async reasons() {
      if (keyring.state() === 'unknown') {
        const message = `the keys have not been read yet: ${keyring.trouble()?.message ?? 'Postgres does not answer'}`;
        return [{ check: 'keys', message }];
      }
      // It was asked to serve other machines, and cannot.
      const cannot = keyring.state() === 'open' && !mayBeOpen && host !== undefined && !isThisMachine(host);
      return cannot ? [{ check: 'keys', message: `the pipeline has no key; ${WAYS_OUT}` }] : [];
    },
    async degraded() {
      const trouble = keyring.trouble();
      // Where Postgres is away that is told already, and ends by itself.
      if (trouble === undefined || trouble.retryable) return [];
      const message = `keys cannot be read, and those that were read last stay valid, revoked ones too: ${trouble.message}`;
      return [{ check: 'keys', message }];
    },
  };
}
