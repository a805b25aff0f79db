import type { Value } from '../../types/value.ts';
import { resolved, type Arguments, type Resolution } from '../function.ts';

/** The first of the arguments that none of the others beats; their types are one. */
export function extreme(call: Arguments, beats: (order: number) => boolean): Resolution {
  const type = call[0]?.type;
  const compare = type?.kind === 'scalar' ? type.column.compare : undefined;
  if (type === undefined || compare === undefined)
    throw new Error('only values with an order have an extreme');
  return resolved(type, (...values: readonly Value[]) =>
    values.reduce((best, value) => (beats(compare(value, best)) ? value : best)),
  );
}
