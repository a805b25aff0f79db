import { hash } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { type Identity, type Scope, SCOPES, type Sender } from '../../ports/sender.ts';
import type { Tokens, Verified } from '../../ports/tokens.ts';
import { senderMark } from './sender-mark.ts';

/** Milliseconds for which a token that was verified is not verified again: half of the minute that a withdrawn one may count. */
const REMEMBERED = 30_000;
/** Tokens remembered, about 5 MB. */
const CAPACITY = 10_000;
/** Tokens verified at once; a signature takes about 0.1 ms, and strangers can send as many as they like. */
const AT_ONCE = 64;
/** What a source may be: text that every column, log and terminal takes. */
const SUBJECT = /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{1,255}$/u;

interface Remembered {
  readonly sender: Sender;
  readonly until: number;
}

/**
 * The senders that prove themselves by a token of an identity provider. A token is verified once for all requests that bring it at
 * the same time, and one that was good a moment ago does not wait behind those of strangers.
 */
export function tokenSenders(
  pipeline: string,
  tokens: Tokens,
  clock: Clock,
): (token: string) => Identity | Promise<Identity> {
  const remembered = new Map<string, Remembered>();
  const verifying = new Map<string, Promise<Identity>>();

  const remember = (key: string, { subject, scope, expiresAt }: Verified & { kind: 'valid' }): Identity => {
    if (!SUBJECT.test(subject))
      return { kind: 'refused', reason: 'the subject of the token is not plain text' };
    const sender = senderOf(pipeline, subject, scope);
    if (remembered.size >= CAPACITY)
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    remembered.set(key, { sender, until: Math.min(expiresAt, clock.now() + REMEMBERED) });
    return { kind: 'sender', sender };
  };

  const verify = async (key: string, token: string): Promise<Identity> => {
    const found = await tokens.verify(token);
    // Where the provider says nothing, what was known is no worse than before.
    if (found.kind === 'unavailable') return { kind: 'unready', reason: found.reason };
    remembered.delete(key);
    return found.kind === 'valid' ? remember(key, found) : found;
  };

  return (token) => {
    const key = hash('sha256', token, 'base64');
    const known = remembered.get(key);
    if (known !== undefined && clock.now() < known.until) return { kind: 'sender', sender: known.sender };
    const same = verifying.get(key);
    if (same !== undefined) return same;
    if (verifying.size >= AT_ONCE && known === undefined)
      return { kind: 'unready', reason: 'too many tokens are being verified' };
    const found = verify(key, token).finally(() => verifying.delete(key));
    verifying.set(key, found);
    return found;
  };
}

function senderOf(pipeline: string, subject: string, scope: readonly string[]): Sender {
  const id = `token:${subject}`;
  return {
    name: subject,
    id,
    mark: senderMark(pipeline, id),
    scopes: new Set(SCOPES.filter((each: Scope) => scope.includes(each))),
    entities: undefined,
    rate: undefined,
  };
}
