import type { Code, Diagnostic } from '../diagnostics/diagnostic.ts';
import { ASSIGNMENT, FOREIGN_SYNTAX } from './codes/expressions.ts';
import { MISSING_WORD, SEPARATOR, TYPE_ORDER, WRONG_SIGN } from './codes/structure.ts';
import { BAD_NUMBER, FOREIGN_COMMENT, STRAY_CHARACTER, WRONG_QUOTES } from './codes/words.ts';

/** What people write by habit; other mistakes are slips, each of its own. */
const HABITS: ReadonlySet<Code> = new Set(
  [
    ...[ASSIGNMENT, FOREIGN_SYNTAX, SEPARATOR, TYPE_ORDER, WRONG_SIGN, MISSING_WORD],
    ...[FOREIGN_COMMENT, STRAY_CHARACTER, WRONG_QUOTES, BAD_NUMBER],
  ].map(({ code }) => code),
);

/** Stands at the other places of a habit. */
export const ALSO = 'and here';

/**
 * Whoever has a habit has it everywhere: findings in the same words are one mistake. The first is told, and shows the
 * other places.
 */
export function merged(
  findings: readonly Diagnostic[],
  isHabit: (finding: Diagnostic) => boolean = ({ code }) => HABITS.has(code),
): readonly Diagnostic[] {
  const first = new Map<string, Diagnostic>();
  for (const each of findings) {
    const key = isHabit(each) ? `${each.code} ${each.message} ${each.primary.text ?? ''}` : `${first.size}`;
    const known = first.get(key);
    first.set(key, known === undefined ? each : withPlace(known, each));
  }
  return [...first.values()];
}

/** The finding with the places of another one. Findings that were merged before can be merged again. */
function withPlace(known: Diagnostic, other: Diagnostic): Diagnostic {
  const also = other.related.filter(({ text }) => text === ALSO);
  return { ...known, related: [...known.related, { ...other.primary, text: ALSO }, ...also] };
}
