import type { RefModel, StoreModel } from '../model/program.ts';
import type { StoreTree } from '../syntax/store-tree.ts';
import type { EntityTree, FieldTree, MemberTree, ShapeTree } from '../syntax/tree.ts';
import { spanText, type Span } from '../text/source.ts';
import { openDocument, reusable, type Document } from './document.ts';
import { editedText, type Edit } from './edit.ts';
import { itemInStore } from './store-item.ts';

/** A change of the program that an editor offers where nothing is wrong; tried, and offered only where no error comes. */
export interface Refactoring {
  readonly title: string;
  readonly kind: 'extract' | 'rewrite';
  readonly edits: readonly Edit[];
}

type Stretch = Pick<Span, 'start' | 'end'>;

/** What can be done with a stretch of the file. */
export function refactorings(document: Document, stretch: Stretch): readonly Refactoring[] {
  return [
    ...extractShape(document, stretch),
    ...addRef(document, stretch),
    ...addConstraint(document, stretch),
  ].filter(({ edits }) => isSound(document, edits));
}

function isSound(document: Document, edits: readonly Edit[]): boolean {
  const { file, readFile, analysis } = document;
  const text = editedText(file.text, edits);
  const after = openDocument({ name: file.name, text }, readFile, reusable(document)).analysis.findings;
  const errors = (findings: typeof after): number =>
    findings.filter(({ severity }) => severity === 'error').length;
  return errors(after) <= errors(analysis.findings);
}

/** The fields that are selected become a shape, and a spread brings them back: messages and columns stay as they are. */
function extractShape({ parsed, file }: Document, { start, end }: Stretch): readonly Refactoring[] {
  if (start === end) return [];
  const owner = parsed.tree.declarations.find(
    (each): each is EntityTree | ShapeTree =>
      (each.kind === 'entity' || each.kind === 'shape') && each.span.start <= start && end <= each.span.end,
  );
  if (owner === undefined || owner.broken) return [];
  const selected = owner.members.filter(({ span }) => span.start < end && start < span.end);
  const [first, last] = [selected[0], selected.at(-1)];
  if (first === undefined || last === undefined || !selected.every(isField)) return [];
  const taken = new Set(parsed.tree.declarations.flatMap((each) => ('name' in each ? [each.name.text] : [])));
  const name = freeName(`${owner.name.text}Part`, taken);
  // Its documentation goes with a field.
  const from = withDoc(file.text, first.span.start);
  const lines = indented(file.text.slice(from, last.span.end));
  const before = withDoc(file.text, owner.span.start);
  return [
    {
      title: `Extract the shape \`${name}\``,
      kind: 'extract',
      edits: [
        { span: { file, start: before, end: before }, text: `shape ${name} {\n${lines}\n}\n\n` },
        { span: { file, start: from, end: last.span.end }, text: `...${name}` },
      ],
    },
  ];
}

function isField(member: MemberTree): member is FieldTree {
  return member.kind === 'field';
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let at = 2; taken.has(name); at += 1) name = `${wanted}${at}`;
  return name;
}

/** Where the `///` lines above a place begin. */
function withDoc(text: string, start: number): number {
  const above = /(?:[ \t]*\/\/\/[^\n]*\n)*[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
  return start - above.trimStart().length;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line.trim()}`)
    .join('\n');
}

/** Stores of this file that the stretch is in. */
function storesAt({ analysis, file }: Document, { start, end }: Stretch): readonly StoreModel[] {
  return analysis.program.stores.filter(
    ({ tree: { span } }) => span.file === file && span.start <= end && start <= span.end,
  );
}

/** A column that is called like the key of another table: `customer_id`, or the key's own name. */
function addRef(document: Document, stretch: Stretch): readonly Refactoring[] {
  const { stores } = document.analysis.program;
  return storesAt(document, stretch).flatMap((store) =>
    stores.flatMap((target): readonly Refactoring[] => {
      const key = target.keys.find(({ kind }) => kind === 'key')?.columns[0]?.name;
      if (target === store || key === undefined || target.keys[0]?.columns.length !== 1) return [];
      const entity = target.writers[0]?.name ?? '';
      const names =
        key === 'id' ? [`${snake(entity)}_id`, `${target.table}_id`] : [key, `${snake(entity)}_${key}`];
      const column = store.columns.find(({ name }) => names.includes(name))?.name;
      if (column === undefined || store.refs.some((ref) => isOn(ref, column))) return [];
      const item = `ref (${column}) -> ${entity} (${key})`;
      return [{ title: `Add \`${item}\``, kind: 'rewrite', edits: [itemInStore(store.tree, item)] }];
    }),
  );
}

function isOn({ columns }: RefModel, column: string): boolean {
  return columns.some(({ name }) => name === column);
}

function snake(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

/** What a ref of this file points at without a constraint there: the target's store gets a `unique`. */
function addConstraint(document: Document, stretch: Stretch): readonly Refactoring[] {
  const { analysis, file } = document;
  return storesAt(document, stretch).flatMap((store) =>
    store.refs.flatMap(({ span, target, targetColumns }): readonly Refactoring[] => {
      const there = target === undefined ? undefined : analysis.program.storeOf.get(target);
      if (there === undefined || span.start > stretch.end || stretch.start > span.end) return [];
      if (
        there.tree.span.file !== file ||
        hasConstraint(
          there,
          targetColumns.map(({ name }) => name),
        )
      )
        return [];
      return [
        constraintOn(
          there.tree,
          targetColumns.map(({ name }) => name),
        ),
      ];
    }),
  );
}

function hasConstraint({ keys }: StoreModel, columns: readonly string[]): boolean {
  const wanted = columns.toSorted().join(' ');
  return keys.some(
    (key) =>
      key.columns
        .map(({ name }) => name)
        .toSorted()
        .join(' ') === wanted,
  );
}

function constraintOn(store: StoreTree, columns: readonly string[]): Refactoring {
  const item = `unique (${columns.join(', ')})`;
  return {
    title: `Add \`${item}\` to \`${spanText(store.table.span)}\``,
    kind: 'rewrite',
    edits: [itemInStore(store, item)],
  };
}
