import { hash } from 'node:crypto';
import type { Sender } from '../../ports/sender.ts';
import { marked } from '../access/sender-mark.ts';

/** 1 to 255 visible ASCII characters, so that a key means the same through every proxy. */
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export const IDEMPOTENCY_KEY_RULE = '1 to 255 visible ASCII characters without spaces';

export function isIdempotencyKey(text: string): boolean {
  return IDEMPOTENCY_KEY.test(text);
}

/**
 * The message id that a client's key stands for: the same pipeline, entity and key always give the same UUIDv8
 * (RFC 9562, 5.8: SHA-256, cut to 122 bits, of which the mark of a sender takes 48), so that a repeated request is the same message to the queue and to
 * the ledger. In a batch `place` is the element's index among all elements, refused ones included; `batch` stands for
 * the batch as a whole. Names and keys hold no line end, which separates them here. Two senders who use one key mean two
 * messages: nobody can take the key of another one, or compute its id without being it.
 */
export function keyedMessageId(
  pipeline: string,
  entity: string,
  key: string,
  place: number | 'single' | 'batch' = 'single',
  sender?: Pick<Sender, 'id' | 'mark'>,
): string {
  const scoped = sender === undefined ? '' : `\n${sender.id}`;
  const digest = hash('sha256', `${pipeline}\n${entity}\n${key}\n${place}${scoped}`, 'hex');
  const variant = ((Number.parseInt(digest.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const id = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return sender === undefined ? id : marked(id, sender.mark);
}
