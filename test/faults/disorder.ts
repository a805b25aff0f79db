import type { Random } from './random.ts';

/** How many versions a message may come too early or too late. */
const DISORDER = 4;

/** All versions of all keys, each up to `DISORDER` rounds too early or too late. Keys and versions begin at 1. */
export function inDisorder<T>(
  messages: number,
  keys: number,
  random: Random,
  make: (key: number, version: number, random: Random) => T,
): T[] {
  return Array.from({ length: messages }, (_, at) => {
    const key = (at % keys) + 1;
    const version = Math.floor(at / keys) + 1;
    return { made: make(key, version, random), place: version + random.between(0, DISORDER) };
  })
    .toSorted((left, right) => left.place - right.place)
    .map(({ made }) => made);
}
