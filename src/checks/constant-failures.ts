import { finding, type Diagnostic, type Report } from '../diagnostics/diagnostic.ts';
import type { Callable, Expression } from '../model/expression.ts';
import { relation } from '../model/infer/relation.ts';
import { evaluatedParts } from '../model/query/evaluated-parts.ts';
import { expressionsOfRecord } from '../model/query/expressions-of.ts';
import type { Program, RecordModel } from '../model/program.ts';
import type { Value } from '../types/value.ts';
import type { Check } from './check.ts';
import { knownValues, type KnownValues } from './known-values.ts';

export const constantFailures: Check = {
  description: {
    code: 'NOM313',
    severity: 'error',
    title: 'a constant value cannot be computed',
    explanation: `A value that reads nothing of the message is the same for every message. If it cannot be computed, it rejects every
message: a text that is no number, a date that does not exist, a result that is out of range, a division by zero. The check computes
such values, also those of functions that are called with constants, and of fields that are made of other constant fields.

\`\`\`nom
since:  date = parse_date("30.02.2026", "dd.MM.yyyy")    // wrong: there is no such day
pieces: int  = 2147483647 + 1                            // wrong: more than an int holds
\`\`\`

\`fail("why")\` is meant to fail, and what stands in \`try\` may.`,
  },
  run: (program, report) => search(program, report),
};

function search(program: Program, report: Report): void {
  const everywhere = knownValues();
  const reported = new Map<Callable, boolean>();

  /** Whether something in the body of a function was reported; each is searched once. */
  const body = (called: Callable): boolean => {
    const before = reported.get(called);
    if (before !== undefined) return before;
    reported.set(called, false);
    const found = visit(called.body, everywhere);
    reported.set(called, found);
    return found;
  };

  /** Reports what always fails in an expression, the innermost; whether there is any. */
  const visit = (node: Expression, known: KnownValues): boolean => {
    if (known.isComputed(node)) return false;
    let found = false;
    for (const part of evaluatedParts(node, known.of)) if (visit(part, known)) found = true;
    if (node.kind === 'invoke' && body(node.called)) found = true;
    if (found) return true;
    const failure = known.failureOf(node);
    const why = failure?.message ?? (dividesByZero(node, known.of) ? 'division by zero' : undefined);
    if (why === undefined) return false;
    if (!isTold(node)) report(failsForGood(node, why, known));
    return true;
  };

  const rowless = new Set<RecordModel>();
  for (const record of [...program.shapes, ...program.entities, ...program.derivations]) {
    // Whoever spreads a shape may give its fields other values.
    const known = record.tree.kind === 'shape' ? everywhere : everywhere.within(record);
    if (hasNoRow(record, known, rowless)) rowless.add(record);
    if (record.broken || rowless.has(record)) continue;
    for (const expression of expressionsOfRecord(record)) visit(expression, known);
  }
}

/** Whether no message gives a row of a record; `rowless` are those that come before it. */
function hasNoRow(record: RecordModel, known: KnownValues, rowless: ReadonlySet<RecordModel>): boolean {
  if (record.where !== undefined && known.of(record.where) === false) return true;
  return record.sources.some(
    ({ mode, from }) => mode !== 'optional' && from.kind === 'record' && rowless.has(from.record),
  );
}

function failsForGood(node: Expression, why: string, known: KnownValues): Diagnostic {
  return finding(constantFailures.description, node.span, `this value can never be computed: ${why}`, {
    label: 'fails for every message',
    related: known
      .fieldsIn(node)
      .map(({ name, span }) => ({ span, text: `\`${name}\` is the same in every message` })),
    help: 'correct the value; every message that needs it is rejected',
  });
}

/** Other codes report a literal 0 as a divisor, and a value that does not fit its field. */
function isTold(node: Expression): boolean {
  if (node.kind === 'arithmetic')
    return node.right.kind === 'literal' && isZero(node.right.value) && isDivision(node);
  return node.kind === 'convert' && relation(node.from, node.to).kind === 'lossy';
}

function dividesByZero(node: Expression, known: (node: Expression) => Value | undefined): boolean {
  if (node.kind === 'arithmetic') return isDivision(node) && isZero(known(node.right));
  if (node.kind !== 'call' || node.callee !== 'div') return false;
  const [, divisor] = node.arguments;
  return divisor !== undefined && isZero(known(divisor));
}

function isDivision({ operator }: Extract<Expression, { kind: 'arithmetic' }>): boolean {
  return operator === '/' || operator === '%';
}

function isZero(value: Value | undefined): boolean {
  return (
    value !== undefined && value !== null && value !== '' && !Array.isArray(value) && Number(value) === 0
  );
}
