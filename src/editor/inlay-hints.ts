import { functions } from '../functions/registry.ts';
import { describe, type Typed } from '../model/type.ts';
import type { CallExpression } from '../syntax/expression-tree.ts';
import type { DeriveTree, EntityTree, ShapeTree } from '../syntax/tree.ts';
import type { Span } from '../text/source.ts';
import { aliasName } from './declared.ts';
import type { Document } from './document.ts';
import type { InlayHintSettings } from './editor-settings.ts';
import { eachPart } from './tree-parts.ts';

/** What an editor shows between the words, though nobody has written it. */
export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  readonly kind: 'type' | 'parameter';
  /** The text may be written there, and means what is so already. */
  readonly writable: boolean;
}

/** The hints of a stretch of the file, in its order. */
export function inlayHints(
  document: Document,
  { start, end }: Pick<Span, 'start' | 'end'>,
  settings: InlayHintSettings,
): readonly InlayHint[] {
  return document.parsed.tree.declarations
    .filter(({ span, broken }) => !broken && span.start <= end && start <= span.end)
    .flatMap((declaration) => [
      ...('members' in declaration && declaration.kind !== 'enum'
        ? recordHints(declaration, document, settings)
        : []),
      ...(settings.parameterNames ? parameterHints(declaration, document) : []),
    ])
    .filter(({ offset }) => start <= offset && offset <= end)
    .toSorted((left, right) => left.offset - right.offset);
}

function recordHints(
  tree: ShapeTree | EntityTree | DeriveTree,
  document: Document,
  { fieldTypes, sourceTypes }: InlayHintSettings,
): readonly InlayHint[] {
  const { model } = document.declared().records.get(tree.name.text) ?? {};
  if (model === undefined || model.tree !== tree) return [];
  const fields = tree.members.flatMap((member) => {
    if (!fieldTypes || member.kind !== 'field' || member.type !== undefined) return [];
    const field = model.fields.find((each) => each.tree === member);
    return field === undefined ? [] : typeHint(member.name.span.end, field.type, true);
  });
  if (!sourceTypes || tree.kind !== 'derive') return fields;
  const sources = tree.sources.flatMap((source, at) => {
    const row = model.sources[at]?.row;
    const name = aliasName(source);
    return row === undefined || name === undefined ? [] : typeHint(name.span.end, row, false);
  });
  return [...sources, ...fields];
}

function typeHint(offset: number, typed: Typed, assigned: boolean): readonly InlayHint[] {
  const text = describe(typed);
  const { kind } = typed.type.kind === 'list' ? typed.type.element : typed.type;
  if (kind === 'unknown' || kind === 'null') return [];
  return [{ offset, text: `: ${text}`, kind: 'type', writable: assigned && kind !== 'record' }];
}

/** Before what is written out where several parameters could be meant: `replace(name, from: "a", to: "b")`. */
function parameterHints(declaration: unknown, document: Document): readonly InlayHint[] {
  const hints: InlayHint[] = [];
  eachPart(declaration, (part) => {
    if (part.kind !== 'call') return true;
    const call = part as CallExpression;
    const names = parameterNames(call.callee.text, document);
    if (names.length > 1)
      call.arguments.forEach(({ kind, span }, at) => {
        const name = names[at];
        const written = kind === 'string' || kind === 'number' || kind === 'boolean' || kind === 'null';
        if (name !== undefined && written)
          hints.push({ offset: span.start, text: `${name}:`, kind: 'parameter', writable: false });
      });
    return true;
  });
  return hints;
}

function parameterNames(callee: string, document: Document): readonly string[] {
  const own = document.declared().functions.get(callee);
  if (own !== undefined) return own.tree.parameters.map(({ name }) => name.text);
  return (functions.get(callee)?.parameters ?? [])
    .filter(({ repeated }) => repeated !== true)
    .map(({ name }) => name);
}
