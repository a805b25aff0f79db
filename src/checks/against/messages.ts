import { finding, type FindingParts, type Report } from '../../diagnostics/diagnostic.ts';
import type { FieldModel, Program, RecordModel } from '../../model/program.ts';
import { describe, type Type } from '../../model/type.ts';
import type { Span } from '../../text/source.ts';
import { GONE_ENTITY, MAY_BE_REFUSED } from './codes.ts';
import { canFail, type Rules } from './rules.ts';
import { missingValues, takesAll } from './types.ts';

/** Reports where a message that the old program accepted may be unknown to the new one, or refused by it. */
export function compareMessages(old: Program, now: Program, rules: Rules, report: Report): void {
  const refused = (span: Span, message: string, parts: FindingParts): void =>
    report(finding(MAY_BE_REFUSED, span, message, parts));
  const context: Context = { rules, refused, seen: new Map(), seenStrict: new Map() };
  for (const entity of old.entities) {
    const same = now.entities.find((each) => each.name === entity.name);
    if (same === undefined)
      report(
        finding(GONE_ENTITY, entity.tree.name.span, `the new program has no entity ${entity.name}`, {
          label: 'declared in the old program',
          help: 'keep it until none of its messages waits and no old ingest process runs, then remove it',
        }),
      );
    else compareEntity(entity, same, context);
  }
  for (const derived of now.derivations)
    compareDerived(
      old.derivations.find((each) => each.name === derived.name),
      derived,
      // What only new entities have, no message is older than.
      derived.roots.some((root) => old.entities.some((each) => each.name === root.name)),
      context,
    );
}

interface Context {
  readonly rules: Rules;
  readonly refused: (span: Span, message: string, parts: FindingParts) => void;
  /** The shapes that were compared, by the new one. */
  readonly seen: Map<RecordModel, Set<RecordModel>>;
  /** The same, in messages whose entity is `@strict`. */
  readonly seenStrict: Map<RecordModel, Set<RecordModel>>;
}

const OPTIONAL_FIRST = 'give it a @default, or make it optional now and required when no older message waits';

function compareEntity(old: RecordModel, now: RecordModel, context: Context): void {
  const { refused } = context;
  if (now.strict && !old.strict) {
    const attribute =
      now.tree.kind === 'entity' ? now.tree.attributes.find(({ name }) => name.text === 'strict') : undefined;
    refused(
      (attribute ?? now.tree.name).span,
      `${now.name} now rejects unknown keys, and accepted messages can have some`,
      { help: 'add @strict once the senders have stopped and no older message waits' },
    );
  }
  compareRead(old, now, now.strict, context);
}

/** What an entity or shape reads of a message, its checks, and the values that it computes. */
function compareRead(old: RecordModel, now: RecordModel, strict: boolean, context: Context): void {
  const known = strict ? context.seenStrict : context.seen;
  const seen = known.get(now) ?? new Set();
  if (seen.has(old)) return;
  known.set(now, seen.add(old));
  const taken = new Set<FieldModel>();
  for (const field of now.fields) {
    if (field.origin.kind === 'computed') continue;
    const before = old.fields.find((each) => placeOf(each) === placeOf(field));
    if (before !== undefined) taken.add(before);
    compareField(old, before, now, field, strict, context);
  }
  for (const field of old.fields)
    if (strict && field.origin.kind === 'json' && !taken.has(field))
      context.refused(
        now.tree.name.span,
        `${now.name} is @strict and no longer reads ${keyText(field)}, which accepted messages can have`,
        { related: [{ span: field.span, text: 'read by the old program' }], help: 'leave @strict out first' },
      );
  compareRules(old, now, context);
}

function compareField(
  oldRecord: RecordModel,
  old: FieldModel | undefined,
  record: RecordModel,
  now: FieldModel,
  strict: boolean,
  context: Context,
): void {
  const { refused } = context;
  const name = `${record.name}.${now.name}`;
  if (old === undefined) {
    const near = oldRecord.fields.find((each) => overlaps(each, now));
    if (needed(now) || near !== undefined)
      refused(
        now.span,
        near === undefined
          ? `${name} needs ${keyText(now)}, which messages that were accepted may lack`
          : `${name} reads ${keyText(now)}, where the old program read ${keyText(near)}`,
        {
          ...(near === undefined ? {} : { related: [{ span: near.span, text: 'read by the old program' }] }),
          help: now.origin.kind === 'header' ? 'make it optional: write `?` after its type' : OPTIONAL_FIRST,
        },
      );
    return;
  }
  const related = [{ span: old.span, text: `it is ${describe(old.type)} here` }];
  if ((needed(now) && !needed(old)) || (old.type.nullable && !now.type.nullable))
    return refused(
      now.span,
      `${name} is now required, and accepted messages can ${needed(now) ? 'lack it' : 'have null there'}`,
      { related, help: OPTIONAL_FIRST },
    );
  const missing = missingValues(old.type.type, now.type.type);
  if (missing.length > 0)
    return refused(
      now.span,
      `${name} no longer takes ${missing.map((value) => JSON.stringify(value)).join(', ')}`,
      { related, help: 'keep the value until no older message waits' },
    );
  if (!takesAll(old.type.type, now.type.type))
    return refused(
      now.span,
      `${name} is ${describe(now.type)}, but an accepted ${describe(old.type)} may not fit`,
      { related, help: 'keep the wider type until no older message waits' },
    );
  const [before, after] = [shapeOf(old.type.type), shapeOf(now.type.type)];
  if (before !== undefined && after !== undefined) compareRead(before, after, strict, context);
}

/** Checks and computed values that an older message did not have to pass. */
function compareRules(old: RecordModel | undefined, now: RecordModel, { rules, refused }: Context): void {
  for (const check of now.checks) {
    const before = old?.checks.filter((each) => each.message === check.message) ?? [];
    if (old?.checks.some((each) => rules.same(each.condition, check.condition)) === true) continue;
    refused(check.span, `this check of ${now.name} is new or changed, and accepted messages can fail it`, {
      related: before.map(({ span }) => ({ span, text: 'the check until now' })),
      help: 'wait until no older message waits, or let the check pass for them',
    });
  }
  for (const field of now.fields) {
    if (field.origin.kind !== 'computed' || !canFail(field.origin.value)) continue;
    const before = old?.fields.find((each) => each.name === field.name)?.origin;
    if (before?.kind === 'computed' && rules.same(before.value, field.origin.value)) continue;
    refused(field.span, `${now.name}.${field.name} has a new rule, which can fail for accepted messages`, {
      help: 'give a value for what fails: `try(…, value)`',
    });
  }
  for (const [rule, before, what] of [
    [now.where, old?.where, 'where'],
    [now.deleteWhen, old?.deleteWhen, 'delete when'],
  ] as const)
    if (rule !== undefined && canFail(rule) && (before === undefined || !rules.same(before, rule)))
      refused(
        rule.span,
        `this \`${what}\` of ${now.name} is new or changed, and can fail for accepted messages`,
        {
          help: 'give a value for what fails: `try(…, value)`',
        },
      );
}

function compareDerived(
  old: RecordModel | undefined,
  now: RecordModel,
  older: boolean,
  context: Context,
): void {
  if (!older) return;
  const sameRows = old !== undefined && context.rules.sameRows(old, now);
  if (old === undefined || sameRows) return compareRules(old, now, context);
  // Other rows meet the same rules: those that can refuse may do so now.
  const rule =
    now.checks[0]?.span ??
    now.fields.find(({ origin }) => origin.kind === 'computed' && canFail(origin.value))?.span ??
    (now.where !== undefined && canFail(now.where) ? now.where.span : undefined);
  if (rule !== undefined)
    context.refused(
      now.tree.name.span,
      `${now.name} has other sources, and its values can fail for accepted messages`,
      {
        related: [{ span: rule, text: 'this can fail' }],
        help: 'give a value for what fails: `try(…, value)`',
      },
    );
}

/** Whether a message without a value for the field is refused. */
function needed({ type, origin }: FieldModel): boolean {
  return !type.nullable && !(origin.kind === 'json' && origin.default !== undefined);
}

/** Where a field is read from, the same for the same place. */
function placeOf({ origin }: FieldModel): string {
  if (origin.kind === 'json') return JSON.stringify(origin.path);
  return origin.kind === 'header' ? `header ${origin.header}` : origin.kind;
}

/** One of the two fields is read from inside of the other's value. */
function overlaps(left: FieldModel, right: FieldModel): boolean {
  if (left.origin.kind !== 'json' || right.origin.kind !== 'json') return false;
  const [short = [], long = []] = [left.origin.path, right.origin.path].toSorted(
    (a, b) => a.length - b.length,
  );
  return short.every((step, at) => step === long[at]);
}

function keyText({ origin }: FieldModel): string {
  if (origin.kind === 'json') return `the key ${JSON.stringify(origin.path.join('.'))}`;
  return origin.kind === 'header' ? `the header ${origin.header}` : 'the raw body';
}

function shapeOf(type: Type): RecordModel | undefined {
  if (type.kind === 'list') return shapeOf(type.element);
  return type.kind === 'record' ? (type.of as RecordModel) : undefined;
}
