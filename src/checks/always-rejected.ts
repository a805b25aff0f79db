import { finding } from '../diagnostics/diagnostic.ts';
import { children, type Callable, type Expression, type FailNode } from '../model/expression.ts';
import type { RecordModel } from '../model/program.ts';
import { expressionsOfRecord } from '../model/query/expressions-of.ts';
import type { Check } from './check.ts';
import { knownValues, type KnownValues } from './known-values.ts';

export const alwaysRejected: Check = {
  description: {
    code: 'NOM314',
    severity: 'error',
    title: 'every message is rejected',
    explanation: `A \`check\` that is false for every message, or a value that comes to \`fail\` in every message, rejects all of them: nothing
would ever be stored.

\`\`\`nom
entity Order {
  id:    int
  total: int
  check total < total "no negative totals"      // wrong: no number is less than itself
  check total >= 0 "no negative totals"         // right
}
\`\`\`

A derivation with \`where\` or \`each\` may fail, because not every message gives it a row. So may the body of a function, where not
every message calls it.`,
  },
  run: (program, report) => {
    const known = knownValues();
    const certain = certainFailures(known);
    for (const record of [...program.entities, ...program.derivations]) {
      if (record.broken || !isInEveryMessage(record)) continue;
      const impossible = new Set<Expression>();
      for (const { condition } of record.checks) {
        if (certain(condition) !== undefined || !isNeverTrue(condition, known)) continue;
        impossible.add(condition);
        report(
          finding(alwaysRejected.description, condition.span, 'this check is false for every message', {
            label: 'rejects every message',
            help: 'correct the condition, or leave the check out',
          }),
        );
      }
      for (const expression of expressionsOfRecord(record)) {
        if (certain(expression) === undefined || impossible.has(expression)) continue;
        report(
          finding(alwaysRejected.description, expression.span, 'this fails for every message', {
            label: 'rejects every message',
            help: 'give `fail` a condition that some messages do not meet',
          }),
        );
      }
    }
  },
};

/** Whether each message of its root has a row of it, or would have one. */
function isInEveryMessage({ tree, sources, where }: RecordModel): boolean {
  if (tree.kind === 'entity') return true;
  return (
    where === undefined &&
    sources.every(
      ({ mode, repeated, from }) =>
        mode === 'one' && !repeated && from.kind === 'record' && from.record.rows === 'one',
    )
  );
}

function isNeverTrue(node: Expression, known: KnownValues): boolean {
  if (node.kind === 'and') return isNeverTrue(node.left, known) || isNeverTrue(node.right, known);
  if (node.kind === 'or') return isNeverTrue(node.left, known) && isNeverTrue(node.right, known);
  return known.of(node) === false;
}

/** Asks for the `fail` that an expression comes to in every message. */
function certainFailures(known: KnownValues): (node: Expression) => FailNode | undefined {
  const bodies = new Map<Callable, FailNode | undefined>();
  const inBody = (called: Callable): FailNode | undefined => {
    if (!bodies.has(called)) {
      bodies.set(called, undefined);
      bodies.set(called, certain(called.body));
    }
    return bodies.get(called);
  };
  const any = (parts: readonly Expression[]): FailNode | undefined => {
    for (const part of parts) {
      const found = certain(part);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const all = (parts: readonly Expression[]): FailNode | undefined => {
    const found = parts.map(certain);
    return found.includes(undefined) ? undefined : found[0];
  };
  const certain = (node: Expression): FailNode | undefined => {
    switch (node.kind) {
      case 'fail':
        return node;
      case 'if': {
        const truth = known.of(node.condition);
        const arms =
          truth === undefined ? [node.then, node.otherwise] : [truth === true ? node.then : node.otherwise];
        return certain(node.condition) ?? all(arms);
      }
      case 'match': {
        const arms = [
          ...node.arms.map(({ value }) => value),
          ...(node.otherwise === undefined ? [] : [node.otherwise]),
        ];
        return certain(node.subject) ?? all(arms);
      }
      case 'and':
      case 'or':
      case 'coalesce':
        return certain(node.left);
      case 'try':
        return certain(node.operand) === undefined ? undefined : certain(node.fallback);
      case 'invoke':
        return any(node.arguments) ?? inBody(node.called);
      default:
        // What comes later is not computed where the first part is null.
        return any(children(node).slice(0, 1));
    }
  };
  return certain;
}
