import { Ended } from './exit.ts';

/** What ends each of these reads of settings, in the words in which the command that needs them would end. */
export function faultsIn(reads: readonly (() => unknown)[]): readonly string[] {
  return reads.flatMap((read) => {
    try {
      read();
      return [];
    } catch (error) {
      if (error instanceof Ended) return [error.message];
      throw error;
    }
  });
}
