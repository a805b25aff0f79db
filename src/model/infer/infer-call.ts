import { spanText, type Span } from '../../text/source.ts';
import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { FunctionDefinition, Parameter } from '../../functions/function.ts';
import { functions } from '../../functions/registry.ts';
import { arityOf } from '../../functions/support/signature.ts';
import { foreignFunctions } from '../../syntax/foreign-functions.ts';
import type { CallExpression } from '../../syntax/expression-tree.ts';
import { argumentExample, fitArgument, lengthOfList } from './arguments.ts';
import { convert } from './assign.ts';
import { BAD_ARGUMENT } from '../codes/call-codes.ts';
import { argumentOf } from './call-type.ts';
import { UNKNOWN_FUNCTION } from '../codes/codes.ts';
import { unknown, type Expression } from '../expression.ts';
import { adaptLiteral } from '../resolve/literals.ts';
import { readBehind } from './read-behind.ts';
import { join } from './relation.ts';
import type { Infer, Scope } from './scope.ts';
import { shown } from './shown.ts';
import { suggestion } from '../suggestion.ts';
import { wrongArity } from './wrong-arity.ts';
import { TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, isUnknown, type Type } from '../type.ts';

export function inferCall(tree: CallExpression, scope: Scope, infer: Infer): Expression {
  const definition = functions.get(tree.callee.text);
  const values = tree.arguments.map((argument) => infer(argument, scope));
  if (definition === undefined) {
    const { text, span } = tree.callee;
    const [first, second, ...more] = tree.arguments;
    const fallback =
      /^(?:coalesce|ifnull|nvl)$/i.test(text) &&
      first !== undefined &&
      second !== undefined &&
      more.length === 0;
    scope.report(
      fallback
        ? finding(UNKNOWN_FUNCTION, tree.span, `there is no function \`${text}\`: \`??\` does it`, {
            label: 'as in SQL',
            help: `write \`${spanText(first.span)} ?? ${spanText(second.span)}\``,
          })
        : (calledValue(tree, scope) ??
            finding(UNKNOWN_FUNCTION, span, `there is no function \`${text}\``, {
              label: 'not declared',
              help:
                foreignFunctions.get(text.toLowerCase()) ??
                suggestion(text, [...functions.keys(), ...(scope.functions?.names ?? [])]),
            })),
    );
    return unknown(tree.span);
  }
  const parameters = () =>
    definition.parameters.map((each) => ({ name: each.name, example: argumentExample(each) }));
  const wrong = wrongArity(tree, { ...arityOf(definition), parameters });
  if (wrong !== undefined) {
    scope.report(wrong);
    return unknown(tree.span);
  }
  if (definition.given !== undefined) return callOf(definition, [given(tree, scope, infer)], tree, scope);
  if (values.some((value) => isUnknown(value.typed))) return unknown(tree.span);
  const odd = lengthOfList(definition.name, values[0], tree.span);
  if (odd !== undefined) {
    scope.report(odd);
    return unknown(tree.span);
  }
  const fitted = fitAll(definition, values, tree.span, scope);
  return fitted === undefined ? unknown(tree.span) : callOf(definition, fitted, tree, scope);
}

/** A lookup or an enum that is called as if it were a function. */
function calledValue(tree: CallExpression, scope: Scope): Diagnostic | undefined {
  const { text } = tree.callee;
  const [argument] = tree.arguments;
  const lookup = scope.lookups?.get(text);
  if (lookup !== undefined) {
    const key = argument === undefined ? (lookup.fields[lookup.key]?.name ?? 'key') : shown(argument.span);
    const read = readBehind(tree.span);
    const column = read.replace(/^\??\./, '');
    const span = { ...tree.span, end: tree.span.end + read.length };
    return finding(UNKNOWN_FUNCTION, span, `\`${text}\` is a lookup, not a function`, {
      label: 'called like a function',
      help:
        column === ''
          ? `read a column of its row: \`${text}[${key}]?.column\``
          : `write \`${text}[${key}]?.${column}\``,
    });
  }
  const enumeration = scope.enums.get(text);
  if (enumeration === undefined) return undefined;
  const member =
    enumeration.members.find(({ value }) => argument?.kind === 'string' && argument.value === value) ??
    enumeration.members[0];
  return finding(UNKNOWN_FUNCTION, tree.span, `\`${text}\` is an enum, not a function`, {
    label: 'called like a function',
    help: `write \`${text}.${member?.name ?? 'Name'}\``,
  });
}

/** The part of `meta` that stands in place of arguments. */
function given(tree: CallExpression, scope: Scope, infer: Infer): Expression {
  const { span } = tree;
  return infer(
    {
      kind: 'member',
      target: { kind: 'name', name: { text: 'meta', span }, span },
      name: { text: 'received_at', span },
      optional: false,
      span,
    },
    scope,
  );
}

/** The arguments as the parameters want them; reports each one that does not fit. */
function fitAll(
  definition: FunctionDefinition,
  values: readonly Expression[],
  call: Span,
  scope: Scope,
): readonly Expression[] | undefined {
  const last = definition.parameters.length - 1;
  const parameters = values.map((_, at) => definition.parameters[Math.min(at, last)] as Parameter);
  const united = parameters[0]?.common ? unite(values) : values;
  const fitted = united.map((value, at) =>
    fitArgument(definition, parameters[at] as Parameter, value, call, scope),
  );
  if (!fitted.every((value) => value !== undefined)) return undefined;
  if (!parameters[0]?.common) return fitted;
  return inOneType(definition, fitted, scope);
}

/** Literals among arguments of one type take the type that the others have. */
function unite(values: readonly Expression[]): readonly Expression[] {
  const type = commonType(values.filter((value) => value.kind !== 'literal'));
  if (type === undefined) return values;
  return values.map((value) => {
    const adapted = adaptLiteral(value, type);
    return adapted === undefined || adapted === 'unfit' ? value : adapted;
  });
}

function commonType(values: readonly Expression[]): Type | undefined {
  const [first, ...rest] = values.map((value) => value.typed.type);
  return rest.reduce<Type | undefined>(
    (type, other) => (type === undefined ? undefined : join(type, other)),
    first,
  );
}

function inOneType(
  definition: FunctionDefinition,
  values: readonly Expression[],
  scope: Scope,
): readonly Expression[] | undefined {
  const type = commonType(values);
  if (type !== undefined) return values.map((value) => convert(value, type));
  const [first] = values;
  const odd = values.find((_, at) => commonType(values.slice(0, at + 1)) === undefined);
  if (first === undefined || odd === undefined) return undefined;
  scope.report(
    finding(
      TYPE_MISMATCH,
      odd.span,
      `\`${definition.name}\` takes values of the same type, but this is ${describe(odd.typed)}`,
      { related: [{ span: first.span, text: `this is ${describe(first.typed)}` }] },
    ),
  );
  return undefined;
}

/** The call with its type; reports what is wrong with its arguments together. */
function callOf(
  definition: FunctionDefinition,
  values: readonly Expression[],
  { span }: { readonly span: CallExpression['span'] },
  scope: Scope,
): Expression {
  if (values.some((value) => isUnknown(value.typed))) return unknown(span);
  const resolution = definition.resolve(values.map(argumentOf));
  if (resolution.kind === 'resolved') {
    const lifted = definition.nulls !== 'seen' && values.some((value) => value.typed.nullable);
    // An enum or a record in a result is one of an argument's type, so that the result is a type of the program.
    const typed = { type: resolution.type as Type, nullable: resolution.nullable || lifted };
    return { kind: 'call', callee: definition.name, arguments: values, span, typed };
  }
  const at = resolution.argument === undefined ? undefined : values[resolution.argument];
  scope.report(finding(BAD_ARGUMENT, at?.span ?? span, resolution.message, { help: resolution.help }));
  return unknown(span);
}
