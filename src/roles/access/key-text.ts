import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * A key is `nom_`, thirty random characters (178 bits) and six of a checksum over these, as GitHub writes its tokens: scanners of
 * secrets know one by its form, and a mistyped one is told without looking anything up.
 */
const PREFIX = 'nom_';
const RANDOM = 30;
const CHECKSUM = 6;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^nom_[0-9A-Za-z]{36}$/;

/** A new key; shown once, never stored. */
export function newKey(): string {
  let text = PREFIX;
  for (let at = 0; at < RANDOM; at += 1) text += DIGITS.charAt(randomInt(DIGITS.length));
  return text + checksum(text);
}

/** Whether the text could be a key, without a slip in it. Says nothing of whether it is one. */
export function looksLikeKey(text: string): boolean {
  return FORM.test(text) && text.slice(-CHECKSUM) === checksum(text.slice(0, -CHECKSUM));
}

/**
 * What is stored of a key: SHA-256 as hexadecimal digits. A key is random, so that one round is enough: there is nothing to
 * guess from a list.
 */
export function keyHash(key: string): string {
  return hash('sha256', key, 'hex');
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let at = 0; at < CHECKSUM; at += 1) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
