import { hash } from 'node:crypto';

/** Hexadecimal digits at the end of an id that tell its sender. */
export const MARK_DIGITS = 5;

/**
 * The mark of a sender in the ids of its messages: so whoever asks for a status is known to be the sender or not without a
 * row for each message that says so. `nomnom keys create` refuses a name whose mark another key has.
 */
export function senderMark(pipeline: string, id: string): string {
  return hash('sha256', `${pipeline}\n${id}`, 'hex').slice(0, MARK_DIGITS);
}

/** How the holder of a key is told from all other senders. */
export function keySenderId(name: string): string {
  return `key:${name}`;
}
