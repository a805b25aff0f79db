import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import { TOO_DEEP } from '../../syntax/codes/expressions.ts';
import type { RecordTree } from '../program.ts';
import { dependenciesFirst } from '../dependencies-first.ts';

/** So many levels of shapes may spread each other: each one has all fields of those below it. */
const MAX_LEVELS = 100;

/** The shapes that spread others through too many levels; reports the first. What spreads such a shape begins anew. */
export function tooDeepSpreads(
  records: ReadonlyMap<string, RecordTree>,
  report: Report,
): ReadonlySet<string> {
  const levels = new Map<string, number>();
  const cut = new Set<string>();
  const spreadsOf = (name: string) => {
    const tree = records.get(name);
    if (tree?.kind !== 'shape' || levels.has(name)) return undefined;
    return tree.members.flatMap((member) => (member.kind === 'spread' ? [member.name.text] : []));
  };
  for (const [start, { kind }] of records) {
    if (kind !== 'shape') continue;
    for (const name of dependenciesFirst(start, spreadsOf)) {
      const level =
        1 + (spreadsOf(name) ?? []).reduce((most, each) => Math.max(most, levels.get(each) ?? 0), 0);
      levels.set(name, level > MAX_LEVELS ? 0 : level);
      const tree = records.get(name);
      if (level <= MAX_LEVELS || tree === undefined) continue;
      cut.add(name);
      // A longer chain is one mistake, however long it is.
      if (cut.size > 1) continue;
      report(
        finding(
          TOO_DEEP,
          tree.name.span,
          `\`${name}\` spreads shapes ${level} levels deep; ${MAX_LEVELS} is the most`,
          {
            help: 'write the fields of some of the shapes where they are spread',
          },
        ),
      );
    }
  }
  return cut;
}
