import { spanText, type Span } from '../../text/source.ts';
import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { FunctionDefinition, Parameter } from '../../functions/function.ts';
import { signatureOf } from '../../functions/support/signature.ts';
import { convert } from './assign.ts';
import { BAD_ARGUMENT } from '../codes/call-codes.ts';
import type { Expression } from '../expression.ts';
import { adaptLiteral, scalar } from '../resolve/literals.ts';
import type { Scope } from './scope.ts';
import { MAY_NOT_FIT, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, scalarName } from '../type.ts';

/** An argument as its parameter wants it; reports what does not fit, once. */
export function fitArgument(
  definition: FunctionDefinition,
  parameter: Parameter,
  value: Expression,
  scope: Scope,
): Expression | undefined {
  const { takes } = parameter;
  const wanted = takes.literal === undefined ? undefined : scalar(takes.literal);
  const adapted = wanted === undefined ? undefined : adaptLiteral(value, wanted);
  if (adapted === 'unfit') {
    scope.report(
      finding(MAY_NOT_FIT, value.span, `this literal is not a valid ${takes.literal}`, {
        related: [{ span: value.span, text: `the argument \`${parameter.name}\` of \`${definition.name}\`` }],
      }),
    );
    return undefined;
  }
  const { type } = value.typed;
  const argument = adapted ?? (takes.enums && type.kind === 'enum' ? convert(value, scalar('text')) : value);
  const own = argument.typed.type;
  if (own.kind === 'null' || own.kind === 'unknown' || !takes.accepts(own)) {
    scope.report(mismatch(definition, parameter, value));
    return undefined;
  }
  if (!parameter.literal || (argument.kind === 'literal' && argument.value !== null)) return argument;
  scope.report(
    finding(
      BAD_ARGUMENT,
      value.span,
      `the argument \`${parameter.name}\` of \`${definition.name}\` must be a literal, so that \`nomnom check\` can check it`,
      { label: 'this is computed', help: `its signature is \`${signatureOf(definition)}\`` },
    ),
  );
  return undefined;
}

function mismatch(definition: FunctionDefinition, parameter: Parameter, value: Expression) {
  const found = describe(value.typed);
  return finding(
    TYPE_MISMATCH,
    value.span,
    `the argument \`${parameter.name}\` of \`${definition.name}\` must be ${parameter.takes.name}, but this is ${found}`,
    {
      label: `this is ${found}`,
      help: conversionHelp(parameter, value) ?? `its signature is \`${signatureOf(definition)}\``,
    },
  );
}

/** `length` of a list is `count`. */
export function lengthOfList(
  callee: string,
  value: Expression | undefined,
  call: Span,
): Diagnostic | undefined {
  if (callee !== 'length' || value?.typed.type.kind !== 'list') return undefined;
  const text = spanText(value.span);
  const what = text.length > LONGEST || text.includes('\n') ? 'this' : `\`${text}\``;
  const message = `\`length\` counts the characters of a text, but ${what} is a list`;
  return finding(TYPE_MISMATCH, call, message, {
    label: 'called with a list',
    help: `write \`count(${text})\``,
  });
}

/** A value that is longer is not repeated in a title. */
const LONGEST = 40;

function conversionHelp({ takes }: Parameter, value: Expression): string | undefined {
  const found = scalarName(value.typed.type);
  if (found === undefined) return undefined;
  if (takes.accepts(scalar('text')))
    return found === 'json'
      ? 'take its text with `to_text(json_get(…, "key"))`'
      : 'convert it with `to_text(…)`';
  if (found !== 'text') return undefined;
  for (const target of ['int', 'decimal', 'date', 'timestamp'])
    if (takes.accepts(scalar(target))) return `convert it with \`parse_${target}(…)\``;
  return undefined;
}
