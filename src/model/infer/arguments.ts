import { spanText, type Span } from '../../text/source.ts';
import { articleOf } from '../../diagnostics/article.ts';
import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { FunctionDefinition, Parameter } from '../../functions/function.ts';
import { signatureOf } from '../../functions/support/signature.ts';
import { convert } from './assign.ts';
import { BAD_ARGUMENT } from '../codes/call-codes.ts';
import type { Expression } from '../expression.ts';
import { adaptLiteral, scalar } from '../resolve/literals.ts';
import type { Scope } from './scope.ts';
import { shortText, shown } from './shown.ts';
import { MAY_NOT_FIT, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, scalarName } from '../type.ts';

/** An argument as its parameter wants it; reports what does not fit, once. */
export function fitArgument(
  definition: FunctionDefinition,
  parameter: Parameter,
  value: Expression,
  call: Span,
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
    scope.report(mismatch(definition, parameter, value, call));
    return undefined;
  }
  if (!parameter.literal || (argument.kind === 'literal' && argument.value !== null)) return argument;
  scope.report(
    finding(
      BAD_ARGUMENT,
      value.span,
      `the argument \`${parameter.name}\` of \`${definition.name}\` must be a literal, so that \`nomnom check\` can check it`,
      { label: 'this is computed', help: `write a literal, for example \`${argumentExample(parameter)}\`` },
    ),
  );
  return undefined;
}

/** What may stand for a parameter in a call that is shown as it should be. */
export function argumentExample({ name, takes, literal }: Parameter): string {
  if (takes.literal === 'int') return '2';
  if (literal !== true) return name;
  return takes.accepts(scalar('text')) ? '"…"' : '1';
}

function mismatch(definition: FunctionDefinition, parameter: Parameter, value: Expression, call: Span) {
  const found = describe(value.typed);
  const text = shortText(value.span);
  if (text !== undefined && definition.name === `parse_${scalarName(value.typed.type) ?? ''}`)
    return finding(TYPE_MISMATCH, call, `\`${text}\` is already ${articleOf(found)} ${found}`, {
      label: `\`${definition.name}\` takes a text`,
      help: `write \`${text}\``,
    });
  return finding(
    TYPE_MISMATCH,
    value.span,
    `the argument \`${parameter.name}\` of \`${definition.name}\` must be ${parameter.takes.name}, but this is ${found}`,
    {
      label: `this is ${found}`,
      help:
        conversionHelp(parameter, value) ??
        fieldOfElements(parameter, value) ??
        `it is called as \`${signatureOf(definition)}\``,
    },
  );
}

/** `sum(lines.price)` for `sum(lines)`: a list of objects has no sum, but its numbers have. */
function fieldOfElements({ takes }: Parameter, { typed: { type }, span }: Expression): string | undefined {
  const row = type.kind === 'list' ? type.element : type;
  if (row.kind !== 'record') return undefined;
  const fields = row.of.fields.filter((field) => {
    const own = field.type.type;
    return takes.accepts(type.kind === 'list' ? { kind: 'list', element: own } : own);
  });
  // A sum of amounts is asked for more often than one of numbers of lines.
  const first = fields.find((field) => scalarName(field.type.type) === 'decimal') ?? fields[0];
  if (first === undefined) return undefined;
  const others = fields.length === 1 ? '' : `, or name another field of ${row.of.name}`;
  return `write \`${shown(span)}.${first.name}\`${others}`;
}

/** `length` of a list is `count`. */
export function lengthOfList(
  callee: string,
  value: Expression | undefined,
  call: Span,
): Diagnostic | undefined {
  if (callee !== 'length' || value?.typed.type.kind !== 'list') return undefined;
  const text = spanText(value.span);
  const what = shortText(value.span) === undefined ? 'this' : `\`${text}\``;
  const message = `\`length\` counts the characters of a text, but ${what} is a list`;
  return finding(TYPE_MISMATCH, call, message, {
    label: 'called with a list',
    help: `write \`count(${text})\``,
  });
}

function conversionHelp({ takes }: Parameter, value: Expression): string | undefined {
  const found = scalarName(value.typed.type);
  if (found === undefined) return undefined;
  const text = shown(value.span);
  if (takes.accepts(scalar('text')))
    return found === 'json'
      ? `take its text with \`to_text(json_get(${text}, "key"))\``
      : `write \`to_text(${text})\``;
  if (found !== 'text') return undefined;
  for (const target of ['int', 'decimal', 'date', 'timestamp'])
    if (takes.accepts(scalar(target)))
      return target === 'date' || target === 'timestamp'
        ? `convert it with \`parse_${target}(${text}, "yyyy-MM-dd")\``
        : `write \`parse_${target}(${text})\``;
  return undefined;
}
