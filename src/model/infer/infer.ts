import { finding, type Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { ExpressionTree, MemberExpression, NameExpression } from '../../syntax/expression-tree.ts';
import type { Name } from '../../syntax/name.ts';
import { spanText, type Span } from '../../text/source.ts';
import { NO_DURATIONS, UNKNOWN_FIELD } from '../codes/codes.ts';
import { unknown, type Expression } from '../expression.ts';
import { inferCall } from './infer-call.ts';
import { inferLookup } from './infer-lookup.ts';
import { inferMatch } from './infer-match.ts';
import { inferBinary, inferUnary } from './infer-operators.ts';
import { inferIf } from './infer-logic.ts';
import { inferUserCall } from './infer-user-call.ts';
import { literal } from '../resolve/literals.ts';
import { META } from '../resolve/meta.ts';
import type { EnumModel, StoreModel } from '../program.ts';
import { severalTables } from './several-tables.ts';
import { tableName, tablesNamed } from '../table-name.ts';
import { pathKey, type Scope } from './scope.ts';
import { shown } from './shown.ts';
import { inferSpecial } from './special-forms.ts';
import { suggestion } from '../suggestion.ts';
import { MAY_BE_NULL, TYPE_MISMATCH } from '../codes/type-codes.ts';
import { describe, scalarName, type Type } from '../type.ts';
import { unknownName } from './unknown-name.ts';
import { withinDigits } from './within-digits.ts';

/**
 * The third phase, for one expression in its scope. Guarantees that every name in it is resolved, every type is known and
 * every conversion is a node of its own. Reports each error once; goes on with `unknown`.
 */
export function infer(tree: ExpressionTree, scope: Scope): Expression {
  return withinDigits(inferAny(tree, scope), scope);
}

function inferAny(tree: ExpressionTree, scope: Scope): Expression {
  switch (tree.kind) {
    case 'number':
    case 'string':
    case 'boolean':
    case 'null':
      return literal(tree);
    case 'name':
      return inferName(tree, scope);
    case 'member':
      return inferMember(tree, scope);
    case 'unary':
      return inferUnary(tree, scope, infer);
    case 'binary':
      return inferBinary(tree, scope, infer);
    case 'if':
      return inferIf(tree, scope, infer);
    case 'call':
      return (
        inferSpecial(tree, scope, infer) ?? inferUserCall(tree, scope, infer) ?? inferCall(tree, scope, infer)
      );
    case 'missing':
      return unknown(tree.span);
    case 'duration':
      scope.report(
        finding(NO_DURATIONS, tree.span, 'a duration is only used as the value of a setting', {
          help: 'dates move by whole days: `add_days(date, 7)`',
        }),
      );
      return unknown(tree.span);
    case 'index-of':
      return inferLookup(tree, scope, infer);
    case 'match':
      return inferMatch(tree, scope, infer);
  }
}

function inferName(tree: NameExpression, scope: Scope): Expression {
  const { text } = tree.name;
  const slot = scope.aliases.findIndex((alias) => alias.name === text);
  const alias = scope.aliases[slot];
  if (alias !== undefined) {
    const expression: Expression = { kind: 'slot', slot, name: text, span: tree.span, typed: alias.row };
    return narrow(expression, scope);
  }
  const own = scope.own;
  if (own !== undefined) {
    const index = own.indexOf(text);
    const field = index < 0 ? undefined : own.resolve(index);
    if (index >= 0) {
      if (field === undefined) return unknown(tree.span);
      const target: Expression = {
        kind: 'slot',
        slot: own.slot,
        name: '',
        span: tree.span,
        typed: { type: { kind: 'record', of: own.record }, nullable: false },
      };
      return narrow({ kind: 'field', target, name: text, index, span: tree.span, typed: field.type }, scope);
    }
  }
  const meta = text === 'meta' ? metaRow(tree.span, scope) : undefined;
  if (meta !== undefined) return meta;
  const [table, ...others] = tablesNamed(scope.tables ?? [], { table: text });
  if (table !== undefined && others.length > 0) {
    scope.report(severalTables(tree.name, [table, ...others]));
    return unknown(tree.span);
  }
  if (table !== undefined) return rowsOf(table, tree.span, scope);
  // What is wrong with its declaration is told there.
  const named = scope.functions?.find(text);
  if (named !== undefined && named !== 'open' && named.tree.broken) return unknown(tree.span);
  if (own?.record.incomplete !== true) scope.report(unknownName(tree, scope));
  return unknown(tree.span);
}

/** All rows of a table, in a test. */
function rowsOf(table: StoreModel, span: Span, { tables = [] }: Scope): Expression {
  const type = { kind: 'list', element: { kind: 'record', of: table.record } } as const;
  const typed = { type, nullable: false };
  return { kind: 'table', table: tableName(table), slot: tables.indexOf(table), span, typed };
}

/** `app.orders` in a test, unless `app` is a table itself and `orders` one of its columns. */
function inferTable(
  { target, name, optional, span }: MemberExpression,
  scope: Scope,
): Expression | undefined {
  if (scope.tables === undefined || target.kind !== 'name' || optional) return undefined;
  const [table] = tablesNamed(scope.tables, { schema: target.name.text, table: name.text });
  if (table === undefined) return undefined;
  const owners = tablesNamed(scope.tables, { table: target.name.text });
  if (owners.some(({ record }) => record.fields.some((field) => field.name === name.text))) return undefined;
  return rowsOf(table, span, scope);
}

/** The last slot of a frame, after the record's own row. */
function metaRow(span: Span, scope: Scope): Expression | undefined {
  if (scope.tables !== undefined) return undefined;
  const typed = { type: { kind: 'record', of: META }, nullable: false } as const;
  return { kind: 'slot', slot: scope.aliases.length + 1, name: META.name, span, typed };
}

/** `name.length` of other languages, where a text or a list has no field of that name. */
function lengthProperty(
  { name: { text }, target, span }: MemberExpression,
  type: Type,
): Diagnostic | undefined {
  const list = type.kind === 'list';
  if (!/^(?:length|size|len)$/.test(text) && !(list && text === 'count')) return undefined;
  if (!list && scalarName(type) !== 'text') return undefined;
  const call = list ? 'count' : 'length';
  return finding(
    TYPE_MISMATCH,
    span,
    `a ${list ? 'list' : 'text'} has no \`.${text}\`: \`${call}\` is a function`,
    { label: 'as in TypeScript', help: `write \`${call}(${spanText(target.span)})\`` },
  );
}

function inferMember(tree: MemberExpression, scope: Scope): Expression {
  const enumeration = enumNamed(tree.target, scope);
  if (enumeration !== undefined) return inferEnumMember(tree, enumeration, scope);
  const table = inferTable(tree, scope);
  if (table !== undefined) return table;
  const target = infer(tree.target, scope);
  const { type, nullable } = target.typed;
  if (type.kind === 'unknown') return unknown(tree.span);
  const row = type.kind === 'list' ? type.element : type;
  if (row.kind === 'unknown') return unknown(tree.span);
  if (row.kind !== 'record') {
    scope.report(
      lengthProperty(tree, type) ??
        finding(
          TYPE_MISMATCH,
          tree.name.span,
          `\`.${tree.name.text}\` needs a row or an object, but this is ${describe(target.typed)}`,
          {
            related: [{ span: target.span, text: `this is ${describe(target.typed)}` }],
            help:
              type.kind === 'list'
                ? 'a list is read element by element, by a derivation with `each`'
                : undefined,
          },
        ),
    );
    return unknown(tree.span);
  }
  const index = row.of.fields.findIndex((field) => field.name === tree.name.text);
  const field = row.of.fields[index];
  if (field === undefined) {
    const length = type.kind === 'list' ? lengthProperty(tree, type) : undefined;
    if (length !== undefined) {
      scope.report(length);
      return unknown(tree.span);
    }
    reportUnknownField(
      tree.name,
      row.of.name,
      row.of.fields.map((each) => each.name),
      scope,
    );
    return unknown(tree.span);
  }
  if (nullable && !tree.optional)
    scope.report(
      finding(
        MAY_BE_NULL,
        tree.span,
        `\`${tree.name.text}\` is read from \`${shown(target.span)}\`, which can be null`,
        {
          label: `\`${shown(target.span)}\` is ${describe(target.typed)}`,
          help: `write \`${shown(target.span)}?.${tree.name.text}\`, which is null where there is none`,
        },
      ),
    );
  if (type.kind === 'list') {
    const element = field.type.type.kind === 'list' ? field.type.type.element : field.type.type;
    const elements = { type: { kind: 'list', element }, nullable } as const;
    return { kind: 'elements', target, name: field.name, index, span: tree.span, typed: elements };
  }
  // A row that may be missing was reported: the same mistake is no second one where the value goes.
  const typed = { type: field.type.type, nullable: field.type.nullable || (nullable && tree.optional) };
  return narrow({ kind: 'field', target, name: field.name, index, span: tree.span, typed }, scope);
}

function enumNamed(target: ExpressionTree, scope: Scope): EnumModel | undefined {
  if (target.kind !== 'name') return undefined;
  const { text } = target.name;
  if (scope.aliases.some((alias) => alias.name === text)) return undefined;
  if (scope.own !== undefined && scope.own.indexOf(text) >= 0) return undefined;
  return scope.enums.get(text);
}

function inferEnumMember(tree: MemberExpression, enumeration: EnumModel, scope: Scope): Expression {
  const member = enumeration.members.find((each) => each.name === tree.name.text);
  if (member === undefined) {
    // Nobody knows the members of an enum that could not be read.
    if (enumeration.tree.broken) return unknown(tree.span);
    reportUnknownField(
      tree.name,
      enumeration.name,
      enumeration.members.map((each) => each.name),
      scope,
    );
    return unknown(tree.span);
  }
  return {
    kind: 'literal',
    value: member.value,
    span: tree.span,
    typed: { type: { kind: 'enum', of: enumeration }, nullable: false },
  };
}

function reportUnknownField(name: Name, owner: string, known: readonly string[], scope: Scope): void {
  scope.report(
    finding(UNKNOWN_FIELD, name.span, `${owner} has no \`${name.text}\``, {
      label: 'not declared',
      help: suggestion(name.text, known),
    }),
  );
}

function narrow(expression: Expression, scope: Scope): Expression {
  const key = expression.typed.nullable ? pathKey(expression) : undefined;
  if (key === undefined || !scope.nonNull.has(key)) return expression;
  return { ...expression, typed: { ...expression.typed, nullable: false } };
}
