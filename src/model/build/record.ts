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
import { resolveSources } from './sources.ts';
import { checksOf, expandMembers } from './spreads.ts';

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
  const roots = once(() => (tree.kind === 'entity' ? [record] : from().roots));
  const rows = once(() => (from().rows === 'one' && fields().fields.some(maySkip) ? 'maybe' : from().rows));
  const checks = once(() =>
    checksOf(record, context, []).map((check): CheckModel => ({
      condition: condition(check.condition, '`check`', fields().scope, infer),
      message: checkMessage(check, report),
      span: check.span,
    })),
  );
  const ordering = once(() => resolveOrdering(record, report));
  const deleteWhen = once(() => inferDeletion(record, context));
  const record: RecordModel = {
    name,
    tree,
    broken: tree.broken,
    get strict() {
      return strict();
    },
    get sources() {
      return from().sources;
    },
    get rows() {
      return rows();
    },
    get roots() {
      return roots();
    },
    get fields() {
      return fields().fields;
    },
    get checks() {
      return checks();
    },
    ...(tree.doc === undefined ? {} : { doc: tree.doc }),
    get where() {
      return where();
    },
    get ordering() {
      return ordering();
    },
    get deleteWhen() {
      return deleteWhen();
    },
  };
  return record;
}

function sourcesOf(tree: RecordTree, context: Context): Pick<RecordModel, 'sources' | 'rows' | 'roots'> {
  return tree.kind === 'derive' ? resolveSources(tree, context) : { sources: [], rows: 'one', roots: [] };
}

/** Reads every part of a record, in the order in which findings about it are to come. */
export function everythingIn(record: RecordModel): readonly unknown[] {
  const { strict, sources, where, fields } = record;
  const origins = fields.map((field) => field.origin);
  const { rows, checks, ordering, deleteWhen } = record;
  return [strict, sources, where, origins, rows, checks, ordering, deleteWhen];
}
