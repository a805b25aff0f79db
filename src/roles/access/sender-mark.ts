import { hash } from 'node:crypto';

/** Hexadecimal digits of a mark, which are all of an id behind its last hyphen. */
const DIGITS = 12;
/** So many end an id that has random bits too. */
const SHORT = 5;

/**
 * The mark of a sender in the ids of its messages: so whoever asks for a status is known to be the sender or not without a
 * row for each message that says so. Ids that can be computed, from a client's key, end in all 12 digits: nobody finds a name for
 * himself that has the mark of another one. Random ids end in the last five, since nobody can know one.
 */
export function senderMark(pipeline: string, id: string): string {
  return hash('sha256', `${pipeline}\n${id}`, 'hex').slice(0, DIGITS);
}

/** How the random ids of a sender end. `nomnom keys create` refuses a name for which another key's end in the same. */
export function shortMark(mark: string): string {
  return mark.slice(-SHORT);
}

/** Gives an id its sender's whole mark, in the place of as many digits. */
export function marked(id: string, mark: string): string {
  return id.slice(0, -mark.length) + mark;
}

/** Whether a message of this id is of the sender with this mark. `id` is a UUID in lower case: of version 8 where a key gave it. */
export function isMarked(id: string, mark: string): boolean {
  return id.endsWith(id.charAt(14) === '8' ? mark : shortMark(mark));
}

/** How the holder of a key is told from all other senders. */
export function keySenderId(name: string): string {
  return `key:${name}`;
}
