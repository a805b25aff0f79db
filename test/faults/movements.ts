import type { Send } from './content.ts';
import type { FaultOptions } from './options.ts';
import type { Random } from './random.ts';

/** For each account its movements in their order, each to be sent once the one before it is accepted. */
export function movementSends(
  { messages, keys }: FaultOptions,
  random: Random,
  span: number,
): readonly (readonly Send[])[] {
  const accounts = Math.max(4, Math.round(keys / 20));
  const movements = Math.max(5, Math.round(messages / 10 / accounts));
  return Array.from({ length: accounts }, (_, account) => {
    const dues = Array.from({ length: movements }, () => random.between(0, span));
    return dues
      .toSorted((left, right) => left - right)
      .map((due, at) => ({
        key: `movement-${account}-${at}`,
        due,
        contents: [{ entity: 'Movement', key: account, number: at + 1 }],
        again: undefined,
      }));
  });
}
