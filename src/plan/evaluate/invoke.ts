import type { Callable, Expression, InvokeNode } from '../../model/expression.ts';
import type { Value } from '../../types/value.ts';
import type { Run } from './frame.ts';

type Compile = (expression: Expression) => Run;

const compiled = new WeakMap<Callable, Run>();

/** The body of a declared function is compiled once, over a frame of its arguments. */
function bodyOf(called: Callable, compile: Compile): Run {
  const known = compiled.get(called);
  if (known !== undefined) return known;
  const run = compile(called.body);
  compiled.set(called, run);
  return run;
}

/** A function's frame: its arguments, no row of its own, and what `meta` names. */
export function compileInvoke(node: InvokeNode, compile: Compile): Run {
  const body = bodyOf(node.called, compile);
  const operands = node.arguments.map(compile);
  const { metaSlot } = node;
  return (frame) => {
    const inner: Value[] = [];
    for (const operand of operands) inner.push(operand(frame));
    inner.push(null, frame[metaSlot] ?? null);
    return body(inner);
  };
}
