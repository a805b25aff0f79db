import { finding } from '../../diagnostics/diagnostic.ts';
import type { ExpressionTree } from '../../syntax/expression-tree.ts';
import type { DeriveTree, SourceTree } from '../../syntax/tree.ts';
import { DUPLICATE_NAME, MISPLACED_DECLARATION, UNKNOWN_NAME } from '../codes/codes.ts';
import type { Expression } from '../expression.ts';
import { infer } from '../infer/infer.ts';
import type { Alias } from '../infer/scope.ts';
import { spanText } from '../../text/source.ts';
import type { Context } from './context.ts';
import type { RecordModel, SourceModel } from '../program.ts';
import { suggestion } from '../suggestion.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, UNKNOWN, type Typed } from '../type.ts';

/** The sources of a derivation, in order, and how many rows a message can give. */
export function resolveSources(
  tree: DeriveTree,
  context: Context,
): Pick<RecordModel, 'sources' | 'rows' | 'roots'> {
  const sources: SourceModel[] = [];
  for (const each of tree.sources) {
    const source = resolveSource(each, sources, context);
    const same = sources.find((earlier) => earlier.alias === source.alias);
    if (same !== undefined)
      context.report(
        finding(
          DUPLICATE_NAME,
          each.alias?.span ?? each.span,
          `two sources of ${tree.name.text} are called \`${source.alias}\``,
          {
            related: [{ span: same.tree.span, text: 'the first' }],
            help: 'give one of them another name with `as`',
          },
        ),
      );
    sources.push(source);
  }
  const roots = new Set(
    sources.flatMap((source) => (source.from.kind === 'record' ? source.from.record.roots : [])),
  );
  return { sources, rows: rowCount(tree, sources), roots: [...roots] };
}

function rowCount(tree: DeriveTree, sources: readonly SourceModel[]): 'one' | 'maybe' | 'many' {
  if (sources.some((source) => source.mode === 'each' || source.repeated)) return 'many';
  const mayLack = ({ mode, from }: SourceModel): boolean => {
    if (mode !== 'one') return false;
    return from.kind === 'record'
      ? from.record.rows !== 'one'
      : from.kind === 'list' && from.list.typed.nullable;
  };
  return tree.where !== undefined || sources.some(mayLack) ? 'maybe' : 'one';
}

function resolveSource(tree: SourceTree, earlier: readonly SourceModel[], context: Context): SourceModel {
  const [head, ...rest] = tree.path.parts;
  const last = tree.path.parts.at(-1);
  const base = { tree, mode: tree.mode, alias: tree.alias?.text ?? last?.text ?? '' };
  const broken: SourceModel = {
    ...base,
    from: { kind: 'unknown' },
    row: UNKNOWN,
    repeated: tree.mode === 'each',
  };
  if (head === undefined) return broken;
  const parent = earlier.findIndex((source) => source.alias === head.text);
  if (parent >= 0) return listSource(tree, base, parent, earlier, context) ?? broken;
  const found = context.find(head.text);
  if (found === undefined || rest.length > 0 || found.record.tree.kind === 'shape') {
    reportNoSource(tree, earlier, found?.record, context);
    return broken;
  }
  if (!found.resolved) return broken;
  const { record } = found;
  const nullable = tree.mode === 'optional';
  return {
    ...base,
    from: { kind: 'record', record },
    row: { type: { kind: 'record', of: record }, nullable },
    repeated: record.rows === 'many',
  };
}

/** What a source is called, and what it stands for. */
export function aliasOf({ alias, row, mode, from }: SourceModel): Alias {
  const list = mode === 'each' && from.kind === 'list' ? { list: spanText(from.list.span) } : {};
  return { name: alias, row, ...list };
}

/** `each o.line_items`: a list in the row of an earlier source. */
function listSource(
  tree: SourceTree,
  base: Pick<SourceModel, 'tree' | 'mode' | 'alias'>,
  parent: number,
  earlier: readonly SourceModel[],
  context: Context,
): SourceModel | undefined {
  const [head, ...rest] = tree.path.parts;
  const row = earlier[parent]?.row;
  if (head === undefined || row === undefined) return undefined;
  let path: ExpressionTree = { kind: 'name', name: head, span: head.span };
  for (const name of rest)
    path = { kind: 'member', target: path, name, optional: true, span: { ...head.span, end: name.span.end } };
  const aliases = earlier.map(aliasOf);
  const list: Expression = infer(path, {
    report: context.report,
    aliases,
    ...context.values,
    nonNull: new Set(),
  });
  const { type } = list.typed;
  if (type.kind === 'unknown') return undefined;
  // Each level of lists has an alias of its own, so that a row knows its parent.
  const through = listOnTheWay(list);
  if (through !== undefined) {
    context.report(
      finding(TYPE_MISMATCH, tree.path.span, 'this path goes through two lists, but a source is one list', {
        related: [{ span: through.span, text: `this is ${describe(through.typed)}` }],
        help: 'add a separate `each` for that list before it, and read from its alias',
      }),
    );
    return undefined;
  }
  if (type.kind === 'list') {
    const element: Typed = { type: type.element, nullable: tree.mode === 'optional' };
    return { ...base, from: { kind: 'list', list, parent }, row: element, repeated: true };
  }
  if (type.kind === 'record')
    // Where the object is null there is no row, or with `optional` one that is null.
    return {
      ...base,
      from: { kind: 'list', list, parent },
      row: { type, nullable: tree.mode === 'optional' },
      repeated: false,
    };
  context.report(
    finding(
      MISPLACED_DECLARATION,
      tree.path.span,
      'a source must be an entity, a derived entity, or a list in an earlier source',
      {
        label: 'this is a single value',
      },
    ),
  );
  return undefined;
}

function listOnTheWay(path: Expression): Expression | undefined {
  if (path.kind === 'elements') return path.target;
  return path.kind === 'field' ? listOnTheWay(path.target) : undefined;
}

function reportNoSource(
  tree: SourceTree,
  earlier: readonly SourceModel[],
  found: RecordModel | undefined,
  context: Context,
): void {
  const [head, ...rest] = tree.path.parts;
  if (head === undefined) return;
  if (found?.tree.kind === 'shape')
    context.report(
      finding(MISPLACED_DECLARATION, head.span, `${head.text} is a shape, which never arrives alone`, {
        help: 'derive from a list of it: `each alias.list`',
      }),
    );
  else if (found !== undefined && rest.length > 0)
    context.report(
      finding(
        MISPLACED_DECLARATION,
        tree.path.span,
        `\`${head.text}\` needs an alias before a list in it can be a source`,
        {
          help: `for example \`from ${head.text} as o, each o.${rest.map((name) => name.text).join('.')}\``,
        },
      ),
    );
  else {
    const known = [...earlier.map((source) => source.alias), ...context.types.rows];
    context.report(
      finding(UNKNOWN_NAME, head.span, `there is no entity \`${head.text}\``, {
        label: 'not declared',
        help: suggestion(head.text, known),
      }),
    );
  }
}
