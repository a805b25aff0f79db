import { finding } from '../diagnostics/diagnostic.ts';
import { children, type Callable, type Expression, type FailNode } from '../model/expression.ts';
import { evaluatedParts } from '../model/query/evaluated-parts.ts';
import { expressionsOfRecord } from '../model/query/expressions-of.ts';
import { isInEveryMessage } from '../model/query/in-every-message.ts';
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
    const everywhere = knownValues();
    const certainIn = certainFailures(everywhere);
    for (const record of [...program.entities, ...program.derivations]) {
      if (record.broken || !isInEveryMessage(record)) continue;
      const known = everywhere.within(record);
      const certain = (node: Expression): FailNode | undefined => certainIn(node, known);
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

function isNeverTrue(node: Expression, known: KnownValues): boolean {
  if (node.kind === 'and') return isNeverTrue(node.left, known) || isNeverTrue(node.right, known);
  if (node.kind === 'or') return isNeverTrue(node.left, known) && isNeverTrue(node.right, known);
  return known.of(node) === false;
}

/** Asks for the `fail` that an expression comes to in every message. */
function certainFailures(
  everywhere: KnownValues,
): (node: Expression, known: KnownValues) => FailNode | undefined {
  const bodies = new Map<Callable, FailNode | undefined>();
  const inBody = (called: Callable): FailNode | undefined => {
    if (!bodies.has(called)) {
      bodies.set(called, undefined);
      bodies.set(called, certain(called.body, everywhere));
    }
    return bodies.get(called);
  };
  const any = (parts: readonly Expression[], known: KnownValues): FailNode | undefined => {
    for (const part of parts) {
      const found = certain(part, known);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const all = (parts: readonly Expression[], known: KnownValues): FailNode | undefined => {
    const found = parts.map((part) => certain(part, known));
    return found.includes(undefined) ? undefined : found[0];
  };
  const certain = (node: Expression, known: KnownValues): FailNode | undefined => {
    switch (node.kind) {
      case 'fail':
        return node;
      case 'if':
      case 'match': {
        // All arms, or the one that a constant decides.
        const [decided, ...arms] = evaluatedParts(node, known.of);
        return (decided === undefined ? undefined : certain(decided, known)) ?? all(arms, known);
      }
      case 'and':
      case 'or':
        return certain(node.left, known);
      case 'coalesce':
        return (
          certain(node.left, known) ?? (known.of(node.left) === null ? certain(node.right, known) : undefined)
        );
      case 'try': {
        const fails =
          certain(node.operand, known) !== undefined || known.failureOf(node.operand) !== undefined;
        return fails ? certain(node.fallback, known) : undefined;
      }
      case 'invoke':
        return any(node.arguments, known) ?? inBody(node.called);
      default:
        // What comes later is not computed where the first part is null.
        return any(children(node).slice(0, 1), known);
    }
  };
  return certain;
}
