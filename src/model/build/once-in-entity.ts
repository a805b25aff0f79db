import { finding, type Report } from '../../diagnostics/diagnostic.ts';
import type { OrderedTree, RefusedTree, SignedTree } from '../../syntax/tree.ts';
import { MISPLACED_DECLARATION } from '../codes/codes.ts';
import type { RecordModel } from '../program.ts';

interface Clause {
  /** As a program begins it. */
  readonly words: string;
  /** What to do where it stands twice. */
  readonly twice: string;
}

/** The one member of a kind that only an entity may have, and only once; nothing where it has none or may have none. */
export function onceInEntity<T extends OrderedTree | SignedTree | RefusedTree>(
  record: RecordModel,
  kind: T['kind'],
  { words, twice }: Clause,
  report: Report,
): T | undefined {
  const { members } = record.tree;
  if (!members.some((member) => member.kind === kind)) return undefined;
  const quiet: Report = record.broken ? () => {} : report;
  const trees = members.filter((member): member is T => member.kind === kind);
  const [tree, second] = trees;
  if (tree === undefined) return undefined;
  if (record.tree.kind !== 'entity') {
    const what =
      record.tree.kind === 'shape' ? `the shape ${record.name}` : `the derived entity ${record.name}`;
    for (const { span } of trees)
      quiet(
        finding(
          MISPLACED_DECLARATION,
          span,
          `\`${words}\` belongs in an entity, and ${what} is not a message`,
          { help: 'move it to the entity that arrives' },
        ),
      );
    return undefined;
  }
  if (second !== undefined)
    quiet(
      finding(MISPLACED_DECLARATION, second.span, `${record.name} has a second \`${words}\``, {
        related: [{ span: tree.span, text: 'the first' }],
        help: twice,
      }),
    );
  return tree;
}
