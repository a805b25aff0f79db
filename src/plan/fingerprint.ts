import { hash } from 'node:crypto';
import type { Plan, RolePlan, TablePlan, TextLimits } from './plan.ts';
import type { Program, RecordModel, StoreModel } from '../model/program.ts';
import { derivedFrom } from '../model/query/derived-from.ts';
import { tablePlace } from './table-place.ts';

/**
 * Which rules accepted a message: 16 characters that stay the same as long as nothing changes that decides how a message
 * is accepted, evaluated and written. Comments, layout, the order of declarations and the file that holds one change
 * nothing. A change without effect, as of an alias, may give another fingerprint; a change with an effect always does.
 */
export type Fingerprint = string;

/** A declaration as text, in which other declarations stand by their names; and these. */
interface Part {
  readonly label: string;
  readonly digest: string;
  readonly uses: readonly object[];
}

/** Says nothing of behaviour: places, comments, and how a literal was written before it took its type. */
const silent = new Set(['span', 'doc', 'tree', 'written', 'broken', 'writers']);

/** The fingerprint of each entity, by name, of a program that passed every check. */
export function entityFingerprints(
  program: Program,
  tables: readonly TablePlan[],
  limits: TextLimits,
  roles: readonly RolePlan[],
): ReadonlyMap<string, Fingerprint> {
  const parts = new Map<object, Part>();
  const partOf = (declared: object): Part => {
    const known = parts.get(declared);
    if (known !== undefined) return known;
    const made = describePart(declared, tables);
    parts.set(declared, made);
    return made;
  };
  const bounds = roles
    .map(({ name, settings }) => `${name} ${settings.bodyLimit} ${settings.maxRowsPerMessage}`)
    .sort();
  return new Map(
    program.entities.map((entity) => {
      const records = [entity, ...derivedFrom(program, entity)];
      const written = records.flatMap((record) => tableOf(program.storeOf.get(record), tables) ?? []);
      const found = reachable([...records, ...written], partOf);
      const lines = [...found].map(({ label, digest }) => `${label} ${digest}`).sort();
      return [entity.name, digestOf([entity.name, JSON.stringify(limits), ...bounds, ...lines].join('\n'))];
    }),
  );
}

/** The fingerprint of a whole plan: of every entity, and of the way that messages take. */
export function programFingerprint(plan: Omit<Plan, 'program' | 'file'>): Fingerprint {
  const byName = <T extends { readonly name: string }>(all: readonly T[]): readonly T[] =>
    all.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  // The other limits are made of settings of the roles.
  const { maxDepth, maxListLength } = plan.limits;
  return digestOf(
    JSON.stringify([
      plan.pipeline,
      { maxDepth, maxListLength },
      byName(plan.entities).map(({ name, fingerprint }) => [name, fingerprint]),
      byName(plan.streams).map((stream) => ({ ...stream, subjects: byName(stream.subjects) })),
      byName(plan.roles).map(wayOf),
    ]),
  );
}

/** What a role does with messages, without what it costs. */
function wayOf({ name, publishes, consumes, deadLetter, settings }: RolePlan): unknown {
  const texts = (all: readonly unknown[]): readonly string[] =>
    all.map((each) => JSON.stringify(each)).sort();
  const { attempts, backoff, bodyLimit, maxRowsPerMessage, onPoison } = settings;
  const taken = consumes.map(({ stream, durable, filter, template, entities, partition }) => [
    stream,
    durable,
    filter,
    template,
    entities.toSorted(),
    partition,
  ]);
  const kept = { attempts, backoff, bodyLimit, maxRowsPerMessage, onPoison };
  return [name, texts(publishes), texts(taken), deadLetter, kept];
}

function reachable(roots: readonly object[], partOf: (declared: object) => Part): ReadonlySet<Part> {
  const found = new Set<Part>();
  const open = [...roots];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const part = partOf(next);
    if (found.has(part)) continue;
    found.add(part);
    open.push(...part.uses);
  }
  return found;
}

function tableOf(store: StoreModel | undefined, tables: readonly TablePlan[]): TablePlan | undefined {
  return store === undefined ? undefined : tables[tablePlace(tables, store)];
}

function describePart(declared: object, tables: readonly TablePlan[]): Part {
  const text: string[] = [];
  const uses = new Set<object>();
  const write = (value: unknown): void => {
    if (Array.isArray(value)) return writeAll('[', value);
    if (value instanceof Map) return writeAll('{', [...value].flat());
    if (typeof value === 'object' && value !== null) return writeObject(value);
    text.push(scalarText(value));
  };
  const writeAll = (open: string, values: readonly unknown[]): void => {
    text.push(open);
    for (const each of values) write(each);
    text.push(']');
  };
  const refer = (kind: string, target: object): void => {
    uses.add(target);
    text.push(kind, scalarText(nameOf(target)));
  };
  const writeObject = (value: object): void => {
    const kind = 'kind' in value ? value.kind : undefined;
    if (kind === 'scalar' && 'column' in value && 'parameters' in value)
      return writeAll('scalar', [nameOf(value.column), value.parameters]);
    if (kind === 'enum' && 'of' in value) return refer('enum', value.of as object);
    text.push('{');
    for (const [key, each] of Object.entries(value)) {
      if (silent.has(key) || each === undefined || typeof each === 'function') continue;
      text.push(key, ':');
      if (referring.has(key) && typeof each === 'object' && each !== null) refer(key, each);
      else write(each);
    }
    text.push('}');
  };
  const content = contentOf(declared, tables);
  write(content.parts);
  const name = nameOf(declared);
  return { label: `${content.kind} ${name}`, digest: digestOf(text.join(' ')), uses: [...uses] };
}

/** Under these keys stands a declaration with a part of its own; a record's type may contain itself. */
const referring = new Set(['of', 'record', 'called', 'lookup']);

function contentOf(
  declared: object,
  tables: readonly TablePlan[],
): { readonly kind: string; readonly parts: unknown } {
  if ('constraints' in declared) {
    const table = declared as TablePlan;
    const refs = table.refs.map((ref) => ({ ...ref, target: tables[ref.target]?.id }));
    return { kind: 'table', parts: { ...table, refs } };
  }
  if ('roots' in declared) {
    const record = declared as RecordModel;
    const { name, strict, sources, rows, fields, where, deleteWhen } = record;
    const checks = record.checks.map(checkOf);
    const ordering = record.ordering?.fields.map((field) => field.name);
    return {
      kind: record.tree.kind,
      parts: { name, strict, sources, rows, fields, where, deleteWhen, checks, ordering },
    };
  }
  if ('body' in declared) return { kind: 'fn', parts: declared };
  if ('rows' in declared) return { kind: 'lookup', parts: declared };
  // An enum, or a row that no declaration names: of `meta`, of a lookup.
  return { kind: 'members' in declared ? 'enum' : 'row', parts: declared };
}

/** A check without a message of its own gives its condition, as the file writes it. */
function checkOf({ condition, message }: RecordModel['checks'][number]): unknown {
  return message.startsWith('the check `') ? { condition } : { condition, message };
}

function nameOf(target: unknown): string {
  if (typeof target !== 'object' || target === null || !('name' in target)) return '';
  return String('constraints' in target && 'id' in target ? target.id : target.name);
}

function scalarText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  return Object.is(value, -0) ? '-0' : String(value);
}

/** 96 bits of SHA-256: two programs of one pipeline never share them by chance. */
function digestOf(text: string): Fingerprint {
  return hash('sha256', text, 'base64url').slice(0, 16);
}
