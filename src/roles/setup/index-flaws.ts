import type { LiveIndex } from '../../ports/catalog.ts';

/** What keeps an index from standing for all rows, whatever its columns are. */
export function stateFlaws(index: LiveIndex): string[] {
  const flaws: string[] = [];
  if (!index.valid) flaws.push('invalid');
  if (index.predicate !== undefined) flaws.push(`partial (WHERE ${index.predicate})`);
  return flaws;
}
