import type {
  LinkModel,
  LookupModel,
  Program,
  RecordModel,
  RoleModel,
  SourceModel,
  StoreModel,
} from '../../model/program.ts';
import { tableName } from '../../model/table-name.ts';
import { spanText } from '../../text/source.ts';
import { lookupsOf } from './lookups.ts';

/** How a pipeline's parts feed each other, ready to be drawn from left to right. */
export interface Graph {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  /** Boxes around the subjects of one stream. */
  readonly streams: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** Letters, digits and `_` only. */
  readonly id: string;
  readonly kind: 'role' | 'subject' | 'entity' | 'derivation' | 'lookup' | 'table';
  readonly title: string;
  readonly lines: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** `flow` carries messages or rows, `value` values of a lookup, `failure` dead letters; tables refer to each other. */
  readonly kind: 'flow' | 'value' | 'failure' | 'reference' | 'soft-reference';
}

/** The graph of an accepted program: roles and subjects, messages, derivations, tables with their keys. */
export function graphOf(program: Program): Graph {
  const records = [...program.entities, ...program.derivations];
  const tables = program.stores;
  return {
    name: program.name,
    nodes: [
      ...program.roles.map((role) => roleNode(role)),
      ...program.streams.flatMap((stream) =>
        stream.subjects.map(({ name, template }) => ({
          id: subjectId(stream.name, name),
          kind: 'subject' as const,
          title: `${stream.name}.${name}`,
          lines: [template],
        })),
      ),
      ...program.lookups.map(lookupNode),
      ...records.map(recordNode),
      ...tables.map(tableNode),
    ],
    streams: program.streams.map((stream) => ({
      name: stream.name,
      members: stream.subjects.map((subject) => subjectId(stream.name, subject.name)),
    })),
    edges: [
      ...program.roles.flatMap(roleEdges),
      ...program.derivations.flatMap(derivationEdges),
      ...records.flatMap(lookupEdges),
      ...records.flatMap((record) => storeEdges(record, program.storeOf.get(record))),
      ...tables.flatMap((store) => referenceEdges(store, program)),
    ],
  };
}

function roleId(role: RoleModel): string {
  return `role_${role.name}`;
}

function subjectId(stream: string, name: string): string {
  return `subject_${stream}_${name}`;
}

function recordId(record: RecordModel): string {
  return `record_${record.name}`;
}

function lookupId(name: string): string {
  return `lookup_${name}`;
}

/** With the length of the schema, so that `a.b_c` and `a_b.c` differ. */
function nodeId({ schema, table }: StoreModel): string {
  return `table_${schema === undefined ? '' : `${schema.length}_${schema}_`}${table}`;
}

function roleNode(role: RoleModel): GraphNode {
  const port = role.publishes.length > 0 ? [`HTTP port ${role.settings.port}`] : [];
  return { id: roleId(role), kind: 'role', title: `role ${role.name}`, lines: port };
}

function recordNode(record: RecordModel): GraphNode {
  const { tree } = record;
  const where =
    tree.kind === 'derive' && tree.where !== undefined ? [`where ${oneLine(tree.where.span)}`] : [];
  const kind = tree.kind === 'derive' ? 'derivation' : 'entity';
  const signature = record.signature === undefined ? [] : [oneLine(record.signature.tree.span)];
  const ordering = record.ordering === undefined ? [] : [oneLine(record.ordering.tree.span)];
  return { id: recordId(record), kind, title: record.name, lines: [...where, ...signature, ...ordering] };
}

function oneLine(span: Parameters<typeof spanText>[0]): string {
  return spanText(span).replace(/\s+/g, ' ');
}

function lookupNode({ name, tree, rows }: LookupModel): GraphNode {
  return {
    id: lookupId(name),
    kind: 'lookup',
    title: name,
    lines: [tree.path.value, `${rows.size} row${rows.size === 1 ? '' : 's'}`],
  };
}

function lookupEdges(record: RecordModel): readonly GraphEdge[] {
  return lookupsOf(record).map((name) => ({ from: lookupId(name), to: recordId(record), kind: 'value' }));
}

function tableNode(store: StoreModel): GraphNode {
  const { keys, upsert, prune, duplicates, existing } = store;
  return {
    id: nodeId(store),
    kind: 'table',
    title: tableName(store),
    lines: [
      ...(existing ? ['existing'] : []),
      ...[
        ...keys.map((key) => key.span),
        ...[upsert?.tree.span, duplicates?.span, prune?.span, store.delete?.span],
      ].flatMap((span) => (span === undefined ? [] : [oneLine(span)])),
    ],
  };
}

function roleEdges(role: RoleModel): readonly GraphEdge[] {
  const subject = ({ subject: found }: LinkModel): readonly string[] =>
    found === undefined ? [] : [subjectId(found.stream, found.name)];
  const dead = role.deadLetter === undefined ? [] : subject(role.deadLetter);
  return [
    ...role.publishes.flatMap(subject).map((to) => ({ from: roleId(role), to, kind: 'flow' as const })),
    ...role.consumes.flatMap((link) => [
      ...subject(link).map((from) => ({ from, to: roleId(role), kind: 'flow' as const })),
      ...link.entities.map((entity) => ({ from: roleId(role), to: recordId(entity), kind: 'flow' as const })),
    ]),
    ...dead.map((to) => ({ from: roleId(role), to, label: 'dead letters', kind: 'failure' as const })),
  ];
}

/** One edge from each record that a derivation reads, labelled with how. */
function derivationEdges(record: RecordModel): readonly GraphEdge[] {
  const labels = new Map<string, string[]>();
  for (const source of record.sources) {
    const from = recordOf(source, record.sources);
    if (from === undefined) continue;
    const known = labels.get(recordId(from)) ?? [];
    const label = labelOf(source);
    labels.set(recordId(from), label === undefined ? known : [...known, label]);
  }
  return [...labels].map(([from, parts]) => ({
    from,
    to: recordId(record),
    kind: 'flow',
    ...(parts.length === 0 ? {} : { label: parts.join(', ') }),
  }));
}

/** The record whose rows a source reads: its own, or that of the source whose list it walks. */
function recordOf(source: SourceModel, all: readonly SourceModel[]): RecordModel | undefined {
  if (source.from.kind === 'record') return source.from.record;
  const parent = source.from.kind === 'list' ? all[source.from.parent] : undefined;
  return parent === undefined ? undefined : recordOf(parent, all);
}

function labelOf({ mode, from, tree }: SourceModel): string | undefined {
  const path = from.kind === 'list' ? tree.path.parts.slice(1).map(({ text }) => text) : [];
  const words = [...(mode === 'one' ? [] : [mode]), ...(path.length === 0 ? [] : [path.join('.')])];
  return words.length === 0 ? undefined : words.join(' ');
}

function storeEdges(record: RecordModel, store: StoreModel | undefined): readonly GraphEdge[] {
  return store === undefined ? [] : [{ from: recordId(record), to: nodeId(store), kind: 'flow' }];
}

function referenceEdges(store: StoreModel, { storeOf }: Program): readonly GraphEdge[] {
  return store.refs.flatMap(({ target, columns, soft }): GraphEdge[] => {
    const parent = target && storeOf.get(target);
    if (parent === undefined) return [];
    const label = columns.map(({ name }) => name).join(', ');
    const kind = soft ? 'soft-reference' : 'reference';
    return [{ from: nodeId(store), to: nodeId(parent), label, kind }];
  });
}
