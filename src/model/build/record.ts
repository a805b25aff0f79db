import { infer } from '../infer/infer.ts';
import { condition } from '../infer/condition.ts';
import { narrowed, provenNonNull, type Scope } from '../infer/scope.ts';
import type { CheckModel, RecordModel, RecordTree } from '../program.ts';
import { isStrict } from './attributes.ts';
import type { Context } from './context.ts';
import { checkMessage } from './check-message.ts';
import { inferDeletion } from './deletion.ts';
import { fieldsOf, maySkip } from './fields.ts';
import { once } from './once.ts';
import { resolveOrdering } from './ordering.ts';
import { resolveRefusals } from './refusals.ts';
import { resolveSignature } from './signature.ts';
import { resolveSources } from './sources.ts';
import { checksOf, expandMembers, lacksSpread } from './spreads.ts';

/** The record of a declaration. Each part is inferred once, when it is first read, and what is wrong is reported then. */
export function recordModel(tree: RecordTree, context: Context): RecordModel {
  const { report } = context;
  const name = tree.name.text;
  const strict = once(() => tree.kind === 'entity' && isStrict(tree.attributes, report));
  const from = once(() => sourcesOf(tree, context));
  const outer = once((): Scope => ({
    report,
    aliases: from().sources.map((source) => ({ name: source.alias, row: source.row })),
    ...context.values,
    nonNull: new Set(),
    skippable: tree.kind === 'derive',
  }));
  const where = once(() => {
    if (tree.kind !== 'derive' || tree.where === undefined) return undefined;
    const later = { record: name, fields: tree.members.filter((member) => member.kind === 'field') };
    return condition(tree.where, '`where`', { ...outer(), later }, infer);
  });
  const fields = once(() => {
    const kept = where();
    const scope = narrowed(outer(), kept === undefined ? [] : provenNonNull(kept, true));
    return fieldsOf(record, expandMembers(record, from().sources, context, scope), scope);
  });
  const incomplete = once(() => lacksSpread(record, from().sources, context));
  const roots = once(() => (tree.kind === 'entity' ? [record] : from().roots));
  const rows = once(() => (from().rows === 'one' && fields().fields.some(maySkip) ? 'maybe' : from().rows));
  const checks = once(() =>
    checksOf(record, context).map((check): CheckModel => ({
      condition: condition(check.condition, '`check`', fields().scope, infer),
      message: checkMessage(check, report),
      span: check.span,
    })),
  );
  const ordering = once(() => resolveOrdering(record, report));
  const signature = once(() => resolveSignature(record, context.secrets, report));
  const onRefused = once(() => resolveRefusals(record, report));
  const deleteWhen = once(() => inferDeletion(record, context));
  const record = new InferredRecord(tree, {
    strict,
    sources: () => from().sources,
    rows,
    roots,
    fields: () => fields().fields,
    incomplete,
    checks,
    where,
    ordering,
    signature,
    onRefused,
    deleteWhen,
  });
  return record;
}

type Inferred =
  | 'strict'
  | 'sources'
  | 'rows'
  | 'roots'
  | 'fields'
  | 'incomplete'
  | 'checks'
  | 'where'
  | 'ordering'
  | 'signature'
  | 'onRefused'
  | 'deleteWhen';

/** A record over what infers its parts. A class, as records that share their getters are read several times as fast. */
class InferredRecord implements RecordModel {
  readonly name: string;
  readonly tree: RecordTree;
  readonly broken: boolean;
  readonly doc?: string;
  readonly #parts: { readonly [K in Inferred]: () => RecordModel[K] };

  constructor(tree: RecordTree, parts: { readonly [K in Inferred]: () => RecordModel[K] }) {
    this.name = tree.name.text;
    this.tree = tree;
    this.broken = tree.broken;
    if (tree.doc !== undefined) this.doc = tree.doc;
    this.#parts = parts;
  }

  get strict() {
    return this.#parts.strict();
  }

  get sources() {
    return this.#parts.sources();
  }

  get rows() {
    return this.#parts.rows();
  }

  get roots() {
    return this.#parts.roots();
  }

  get fields() {
    return this.#parts.fields();
  }

  get incomplete() {
    return this.#parts.incomplete();
  }

  get checks() {
    return this.#parts.checks();
  }

  get where() {
    return this.#parts.where();
  }

  get ordering() {
    return this.#parts.ordering();
  }

  get signature() {
    return this.#parts.signature();
  }

  get onRefused() {
    return this.#parts.onRefused();
  }

  get deleteWhen() {
    return this.#parts.deleteWhen();
  }
}

function sourcesOf(tree: RecordTree, context: Context): Pick<RecordModel, 'sources' | 'rows' | 'roots'> {
  return tree.kind === 'derive' ? resolveSources(tree, context) : { sources: [], rows: 'one', roots: [] };
}

/** Reads every part of a record, in the order in which findings about it are to come. */
export function everythingIn(record: RecordModel): readonly unknown[] {
  const { strict, sources, where, fields } = record;
  const origins = fields.map((field) => field.origin);
  const { rows, checks, ordering, signature, onRefused, deleteWhen } = record;
  return [strict, sources, where, origins, rows, checks, ordering, signature, onRefused, deleteWhen];
}
