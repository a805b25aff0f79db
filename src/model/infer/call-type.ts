import type { Argument } from '../../functions/function.ts';
import { functions } from '../../functions/registry.ts';
import type { CallNode, Expression } from '../expression.ts';
import { INT } from '../resolve/literals.ts';
import type { Type } from '../type.ts';

/** What a function needs to know of an argument. */
export function argumentOf(value: Expression): Argument {
  const { type } = value.typed;
  return value.kind === 'literal' && value.value !== null ? { type, literal: value.value } : { type };
}

/** A call whose function leaves digits unsaid, with those of the type that its result is given to. */
export function adaptCall(call: CallNode, asked: Type): CallNode {
  const { adapt, resolve } = functions.get(call.callee) ?? {};
  if (adapt === undefined || resolve === undefined || asked.kind !== 'scalar') return call;
  const given = adapt(call.arguments.map(argumentOf), asked);
  if (given.length === 0) return call;
  const more = given.map((value): Expression => ({
    kind: 'literal',
    value,
    span: call.span,
    typed: { type: INT, nullable: false },
  }));
  const all = [...call.arguments, ...more];
  const resolution = resolve(all.map(argumentOf));
  if (resolution.kind === 'problem') return call;
  return { ...call, arguments: all, typed: { ...call.typed, type: resolution.type as Type } };
}
