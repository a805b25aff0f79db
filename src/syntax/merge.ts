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
  const groups = new Map<string, Diagnostic[]>();
  for (const each of findings) {
    const key = isHabit(each) ? `${each.code} ${each.message} ${each.primary.text ?? ''}` : `${groups.size}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [together(first, others)],
  );
}

/** The first finding with the places of the others. Findings that were merged before can be merged again. */
function together(first: Diagnostic, others: readonly Diagnostic[]): Diagnostic {
  if (others.length === 0) return first;
  const places = others.flatMap(({ primary, related }) => [
    { ...primary, text: ALSO },
    ...related.filter(({ text }) => text === ALSO),
  ]);
  return { ...first, related: [...first.related, ...places] };
}
