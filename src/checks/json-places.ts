import { finding, type Report } from '../diagnostics/diagnostic.ts';
import type { FieldModel, RecordModel } from '../model/program.ts';
import { describeType, type Type } from '../model/type.ts';
import type { Check } from './check.ts';

export const jsonPlaces: Check = {
  description: {
    code: 'NOM315',
    severity: 'error',
    title: 'two fields read the same place of a message, and no value there fits both',
    explanation: `A path such as \`customer.name\` needs an object at \`customer\`. A field that reads a text or a number from \`customer\`
refuses every message that has an object there, so no message is ever accepted. The same is true of two fields that read different
types from one key. It is an error where one of the two fields must be there.

\`\`\`nom
entity Order {
  customer: text                           // wrong: there cannot be a text and an object
  name:     text @json("customer.name")
}
entity Order {
  customer: json                           // right: the whole object
  name:     text @json("customer.name")
}
\`\`\``,
  },
  run: (program, report) => {
    const seen = new Set<RecordModel>(program.entities);
    for (const record of seen) {
      if (!record.broken) examine(record, report);
      // Rows that stand in a message; a shape that is only spread may have its fields replaced.
      for (const { type, origin } of record.fields) {
        const of = origin.kind === 'json' ? recordIn(type.type) : undefined;
        if (of !== undefined) seen.add(of);
      }
    }
  },
};

/** What reads a place of a message, or something below it. */
interface Reader {
  /** The field of the record that is examined, through which it reads. */
  readonly field: FieldModel;
  readonly type: Type;
  /** Whether it refuses a message that has nothing there. */
  readonly required: boolean;
  /** The keys from the place to what it reads. */
  readonly rest: readonly string[];
}

function examine(record: RecordModel, report: Report): void {
  const met = new Set<string>();
  const visit = (readers: readonly Reader[], path: readonly string[]): void => {
    const names = readers.map(
      ({ type, rest, required }) => `${describeType(type)} ${rest.join('.')} ${required}`,
    );
    // A shape can hold itself.
    if (met.size > MOST || met.has(names.join())) return;
    met.add(names.join());
    const found = contradiction(readers);
    if (found !== undefined) return report(contradicts(...found, path.join('.')));
    for (const [key, group] of byKey(readers.flatMap(stepsInto)))
      if (new Set(group.map(({ field }) => field)).size > 1) visit(group, [...path, key]);
  };
  const top = record.fields.flatMap((field) => readerOf(field, field));
  for (const [key, group] of byKey(top)) if (group.length > 1) visit(group, [key]);
}

/** Shapes in shapes can be combined without end. */
const MOST = 1_000;

function readerOf(field: FieldModel, through: FieldModel): readonly Reader[] {
  const { origin, type } = field;
  if (origin.kind !== 'json') return [];
  const required = !type.nullable && origin.default === undefined;
  return [{ field: through, type: type.type, required, rest: origin.path }];
}

/** What it reads below the place: what a path goes on to, or the fields of a shape. */
function stepsInto(reader: Reader): readonly Reader[] {
  if (reader.rest.length > 0) return [reader];
  const of = reader.type.kind === 'record' ? recordIn(reader.type) : undefined;
  return (of?.fields ?? []).flatMap((field) =>
    readerOf(field, reader.field).map((each) => ({ ...each, required: each.required && reader.required })),
  );
}

/** The readers by their next key, each at the place of it. */
function byKey(readers: readonly Reader[]): ReadonlyMap<string, readonly Reader[]> {
  const groups = new Map<string, Reader[]>();
  for (const reader of readers) {
    const [key = '', ...rest] = reader.rest;
    const group = groups.get(key);
    const step = { ...reader, rest };
    if (group === undefined) groups.set(key, [step]);
    else group.push(step);
  }
  return groups;
}

/** Two readers of a place of which at least one refuses every message. */
function contradiction(readers: readonly Reader[]): readonly [Reader, Reader] | undefined {
  const kinds = readers.map(kindsAt);
  for (const [at, reader] of readers.entries())
    for (const [before, other] of readers.slice(0, at).entries()) {
      if (reader.field === other.field || (!reader.required && !other.required)) continue;
      const [some, others] = [kinds[at], kinds[before]];
      if (some !== undefined && others !== undefined && !some.some((kind) => others.includes(kind)))
        return [other, reader];
    }
  return undefined;
}

/** The kinds of JSON values that a reader takes at the place; nothing where that is every kind. */
function kindsAt({ type, rest }: Reader): readonly string[] | undefined {
  if (rest.length > 0) return ['object'];
  switch (type.kind) {
    case 'record':
      return ['object'];
    case 'list':
      return ['array'];
    case 'enum':
      return ['string'];
    case 'scalar':
      return kindsOf(type.column.jsonSchema(type.parameters));
    default:
      return undefined;
  }
}

function kindsOf(schema: Readonly<Record<string, unknown>>): readonly string[] | undefined {
  if (typeof schema['type'] === 'string') return [schema['type'] === 'integer' ? 'number' : schema['type']];
  if (!Array.isArray(schema['anyOf'])) return undefined;
  const kinds = schema['anyOf'].map((each: Readonly<Record<string, unknown>>) => kindsOf(each));
  return kinds.includes(undefined) ? undefined : kinds.flatMap((each) => each ?? []);
}

function recordIn(type: Type): RecordModel | undefined {
  if (type.kind === 'list') return recordIn(type.element);
  // The rows of a message are records of the program.
  return type.kind === 'record' ? (type.of as RecordModel) : undefined;
}

function contradicts(first: Reader, second: Reader, path: string): ReturnType<typeof finding> {
  const place = (reader: Reader): FieldModel['span'] =>
    reader.field.tree?.attributes.find(({ name }) => name.text === 'json')?.span ?? reader.field.span;
  const needs = ({ type, rest }: Reader): string =>
    rest.length > 0
      ? 'an object'
      : type.kind === 'record'
        ? `an object, ${type.of.name},`
        : describeType(type);
  const [whole, inner] = first.rest.length > 0 ? [second, first] : [first, second];
  return finding(
    jsonPlaces.description,
    place(second),
    `\`${first.field.name}\` needs ${needs(first)} at \`${path}\`, and \`${second.field.name}\` needs ${needs(second)} there: no message has both`,
    {
      label: `needs ${needs(second)}`,
      related: [{ span: place(first), text: `needs ${needs(first)}` }],
      help:
        inner.rest.length > 0 && whole.rest.length === 0
          ? `declare \`${whole.field.name}\` as \`json\`, or read one of the two from another key`
          : 'read one of the two from another key, or remove it',
    },
  );
}
