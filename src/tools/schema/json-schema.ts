import type { FieldModel, Program, RecordModel } from '../../model/program.ts';
import type { RecordType, Type } from '../../model/type.ts';
import type { Value } from '../../types/value.ts';

/** A JSON Schema as plain data, without `$schema`. */
export type Schema = Readonly<Record<string, unknown>>;

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The schema of an entity's messages. It never refuses what the entity takes; it accepts more where JSON Schema cannot
 * tell: checks, exact digits of numbers that a double does not hold, letters that Postgres does not store.
 */
export function entitySchema(entity: RecordModel, program: Program): Schema {
  const shapes = shapesOf(entity);
  const { strict } = entity;
  return {
    $schema: DIALECT,
    $id: `urn:nomnom:${program.name}:${entity.name}`,
    ...recordSchema(entity, strict),
    ...(shapes.length === 0 ? {} : { $defs: definitions(shapes, () => strict) }),
  };
}

/**
 * One document with a definition for every entity and the shapes in them: `#/$defs/Order`. A shape that stands in
 * entities with and without `@strict` has one definition, which allows more keys.
 */
export function programSchema(program: Program): Schema {
  const shapes = new Set(program.entities.flatMap(shapesOf));
  const open = new Set(
    program.entities.filter(({ strict }) => !strict).flatMap((entity) => [entity, ...shapesOf(entity)]),
  );
  return {
    $schema: DIALECT,
    $id: `urn:nomnom:${program.name}`,
    ...(program.doc === undefined ? {} : { description: program.doc }),
    $defs: definitions([...program.entities, ...shapes], (record) => !open.has(record)),
  };
}

function definitions(records: readonly RecordModel[], isStrict: (record: RecordModel) => boolean): Schema {
  return Object.fromEntries(records.map((record) => [record.name, recordSchema(record, isStrict(record))]));
}

/** The shapes that stand in a record's messages, at any depth. */
function shapesOf(record: RecordModel): readonly RecordModel[] {
  const found = new Set<RecordModel>();
  const visit = (type: Type): void => {
    if (type.kind === 'list') return visit(type.element);
    if (type.kind !== 'record') return;
    const shape = recordOf(type.of);
    if (found.has(shape)) return;
    found.add(shape);
    for (const field of messageFields(shape)) visit(field.type.type);
  };
  for (const field of messageFields(record)) visit(field.type.type);
  return [...found];
}

/** The record that a type stands for: types know the same object by fewer parts. */
function recordOf(type: RecordType): RecordModel {
  return type as RecordModel;
}

function messageFields(record: RecordModel): readonly FieldModel[] {
  return record.fields.filter(({ origin }) => origin.kind === 'json');
}

/** With `strict` an object has no keys that no field reads. */
function recordSchema(record: RecordModel, strict: boolean): Schema {
  const about = { title: record.name, ...(record.doc === undefined ? {} : { description: record.doc }) };
  const isRaw = record.fields.some(({ origin }) => origin.kind === 'body');
  if (isRaw) return { ...about, type: 'string', contentMediaType: 'text/plain' };
  const root: PathNode = { children: new Map(), required: false };
  for (const field of messageFields(record)) place(field, root);
  return { ...about, type: 'object', ...objectKeywords(root, strict) };
}

/** The keys of a message: fields may read from paths, which make objects in objects. */
interface PathNode {
  readonly children: Map<string, PathNode>;
  field?: FieldModel;
  /** A field below cannot do without it. */
  required: boolean;
}

function place(field: FieldModel, root: PathNode): void {
  if (field.origin.kind !== 'json') return;
  const needed = !field.type.nullable && field.origin.default === undefined;
  let node = root;
  for (const key of field.origin.path) {
    const next: PathNode = node.children.get(key) ?? { children: new Map(), required: false };
    next.required ||= needed;
    node.children.set(key, next);
    node = next;
  }
  node.field = field;
}

function objectKeywords({ children }: PathNode, strict: boolean): Schema {
  const required = [...children].flatMap(([key, node]) => (node.required ? [key] : []));
  return {
    properties: Object.fromEntries([...children].map(([key, node]) => [key, nodeSchema(node, strict)])),
    ...(required.length === 0 ? {} : { required }),
    ...(strict ? { additionalProperties: false } : {}),
  };
}

function nodeSchema(node: PathNode, strict: boolean): Schema {
  const { field, children, required } = node;
  // Null is as good as absent where nothing below is needed.
  const object = { type: required ? 'object' : ['object', 'null'] };
  if (field === undefined) return { ...object, ...objectKeywords(node, strict) };
  if (children.size === 0) return fieldSchema(field, typeSchema(field.type.type));
  // Other fields read keys of the same object, so that it has none of its own alone.
  const { type } = field.type;
  const own = type.kind === 'record' ? recordSchema(recordOf(type.of), false) : typeSchema(type);
  return { allOf: [fieldSchema(field, own), { ...object, ...objectKeywords(node, false) }] };
}

function fieldSchema({ type, doc, origin }: FieldModel, schema: Schema): Schema {
  const fallback = origin.kind === 'json' ? origin.default : undefined;
  const shown = fallback === undefined ? undefined : jsonOf(type.type, fallback);
  return {
    ...(type.nullable ? orNull(schema) : schema),
    ...(doc === undefined ? {} : { description: doc }),
    ...(shown === undefined ? {} : { default: shown }),
  };
}

function orNull(schema: Schema): Schema {
  if (Object.keys(schema).length === 0) return schema;
  return { anyOf: [...(isOnlyAnyOf(schema) ? schema.anyOf : [schema]), { type: 'null' }] };
}

function isOnlyAnyOf(schema: Schema): schema is { readonly anyOf: readonly Schema[] } {
  return Array.isArray(schema['anyOf']) && Object.keys(schema).length === 1;
}

function typeSchema(type: Type): Schema {
  switch (type.kind) {
    case 'scalar':
      return type.column.jsonSchema(type.parameters);
    case 'enum':
      return { enum: type.of.members.map(({ value }) => value) };
    case 'record':
      return { $ref: `#/$defs/${type.of.name}` };
    case 'list':
      return { type: 'array', items: typeSchema(type.element) };
    case 'null':
    case 'unknown':
      throw new Error(`a field of an accepted program has no type ${type.kind}`);
  }
}

function jsonOf(type: Type, value: Value): unknown {
  return value !== null && type.kind === 'scalar' ? type.column.toJson(value) : value;
}
