import { isNoResult } from '../../functions/support/no-result.ts';
import { functions } from '../../functions/registry.ts';
import type { FunctionDefinition, Resolved } from '../../functions/function.ts';
import { argumentOf } from '../../model/infer/call-type.ts';
import type { CallNode } from '../../model/expression.ts';
import type { Value } from '../../types/value.ts';
import type { ValueType } from '../../functions/support/value-type.ts';
import { MessageRejected, type Run } from './frame.ts';
import { counted } from './made-text.ts';

/** A function's `run` over values that the checker has typed. */
type Call = (...values: readonly Value[]) => ReturnType<Resolved['run']>;

/** Lifts nulls where the function does not see them; a failure rejects the message. */
export function compileCall(node: CallNode, operands: readonly Run[]): Run {
  const definition = functions.get(node.callee);
  if (definition === undefined)
    throw new Error(`an accepted program calls no unknown function ${node.callee}`);
  const resolution = definition.resolve(node.arguments.map(argumentOf));
  if (resolution.kind === 'problem') throw new Error(`an accepted program calls ${node.callee} rightly`);
  const run = checked(definition, resolution.run as Call);
  const call: Run =
    definition.nulls === 'seen'
      ? (frame) => run(...operands.map((operand) => operand(frame)))
      : lifted(run, operands);
  return makesText(resolution.type) ? (frame) => counted(call(frame)) : call;
}

/** Whether the values of a type have as many characters as a message likes. */
function makesText(type: ValueType): boolean {
  if (type.kind === 'list') return true;
  return type.kind === 'scalar' && (type.column.name === 'text' || type.column.name === 'json');
}

function checked(definition: FunctionDefinition, run: Call): (...values: readonly Value[]) => Value {
  // Spares the look at each result of a function that always has one.
  if (definition.fails === undefined) return run as (...values: readonly Value[]) => Value;
  return (...values) => {
    const result = run(...values);
    if (isNoResult(result))
      throw new MessageRejected('failed', `\`${definition.name}\` has no result: ${result.reason}`);
    return result;
  };
}

/** By number of operands, because most calls have one to three and a row has many. */
function lifted(run: (...values: readonly Value[]) => Value, operands: readonly Run[]): Run {
  const [first, second, third] = operands;
  if (first !== undefined && operands.length === 1)
    return (frame) => {
      const a = first(frame);
      return a === null ? null : run(a);
    };
  if (first !== undefined && second !== undefined && operands.length === 2)
    return (frame) => {
      const a = first(frame);
      if (a === null) return null;
      const b = second(frame);
      return b === null ? null : run(a, b);
    };
  if (first !== undefined && second !== undefined && third !== undefined && operands.length === 3)
    return (frame) => {
      const a = first(frame);
      if (a === null) return null;
      const b = second(frame);
      if (b === null) return null;
      const c = third(frame);
      return c === null ? null : run(a, b, c);
    };
  return (frame) => {
    const values = operands.map((operand) => operand(frame));
    return values.includes(null) ? null : run(...values);
  };
}
