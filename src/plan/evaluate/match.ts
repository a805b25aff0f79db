import type { Expression, MatchNode } from '../../model/expression.ts';
import type { Value } from '../../types/value.ts';
import type { Run } from './frame.ts';

/** One look-up for any number of arms: a pattern is a value in the form that its type always has. */
export function compileMatch(node: MatchNode, compile: (expression: Expression) => Run): Run {
  const subject = compile(node.subject);
  const arms = new Map<Value, Run>();
  for (const { pattern, value } of node.arms) if (!arms.has(pattern)) arms.set(pattern, compile(value));
  const otherwise = node.otherwise === undefined ? undefined : compile(node.otherwise);
  return (frame) => {
    const value = subject(frame);
    const run = arms.get(value) ?? otherwise;
    if (run === undefined) throw new Error('a value of an accepted program has no arm');
    return run(frame);
  };
}
