import type { Fault, Rejection } from '../../types/value.ts';
import { shortText } from './short-text.ts';

/** All faults of a message that has more than one, with texts that are short enough for an answer. */
export function shortFaults({ faults }: Rejection): { readonly faults?: readonly Fault[] } {
  if (faults === undefined) return {};
  return {
    faults: faults.map((fault) => ({
      ...fault,
      pointer: shortText(fault.pointer),
      message: shortText(fault.message),
    })),
  };
}
