import { tablesNamed } from '../model/table-name.ts';
import type { ExpressionTree, MemberExpression } from '../syntax/expression-tree.ts';
import type { Name } from '../syntax/name.ts';
import { builtinFunctions, builtinMeta } from './builtin.ts';
import type { Declared, TableEntry } from './declared.ts';
import { type Known, type NamedSymbol, OTHER } from './symbol.ts';

export interface Alias {
  readonly symbol: NamedSymbol;
  /** The type of one row of it. */
  readonly row: Known;
}

/** What plain names mean in an expression. */
export interface Scope {
  /** Aliases of sources, or the parameters of a function. */
  readonly aliases: ReadonlyMap<string, Alias>;
  /** The record whose fields may be named. */
  readonly own?: string;
  /** Tables may be named: in tests. */
  readonly tables?: true;
}

export interface NamePlaces {
  readonly declared: Declared;
  readonly put: (name: Name, symbol: NamedSymbol | undefined, json?: 'message' | 'row') => void;
}

/** Puts every name of an expression in its place and gives the type of its value. */
export function expressionNames(tree: ExpressionTree, scope: Scope, places: NamePlaces): Known {
  const { declared, put } = places;
  switch (tree.kind) {
    case 'name': {
      const { symbol, type } = plainName(tree.name.text, scope, declared);
      put(tree.name, symbol);
      return type;
    }
    case 'member': {
      const table = tableOf(tree, scope, declared);
      if (table !== undefined) {
        put(tree.name, table.symbol);
        return rowsOf(table);
      }
      const target = expressionNames(tree.target, scope, places);
      const { symbol, type } = memberOf(target, tree.name.text, declared);
      put(tree.name, symbol);
      return type;
    }
    case 'index-of': {
      const target = expressionNames(tree.target, scope, places);
      expressionNames(tree.index, scope, places);
      return elementOf(target);
    }
    case 'call': {
      const types = tree.arguments.map((argument) => expressionNames(argument, scope, places));
      const own = declared.functions.get(tree.callee.text);
      put(tree.callee, own?.symbol ?? builtinFunctions.get(tree.callee.text));
      if (own !== undefined) return declared.typeOf(own.tree.result);
      // What hands an element or its argument on; every other function gives a single value.
      const [first = OTHER] = types;
      if (tree.callee.text === 'first' || tree.callee.text === 'last') return elementOf(first);
      return tree.callee.text === 'try' ? first : OTHER;
    }
    case 'unary':
      expressionNames(tree.operand, scope, places);
      return OTHER;
    case 'binary': {
      const left = expressionNames(tree.left, scope, places);
      expressionNames(tree.right, scope, places);
      return tree.operator === '??' ? left : OTHER;
    }
    case 'if': {
      expressionNames(tree.condition, scope, places);
      const then = expressionNames(tree.then, scope, places);
      const otherwise = expressionNames(tree.otherwise, scope, places);
      return then.kind === 'other' ? otherwise : then;
    }
    case 'match': {
      expressionNames(tree.subject, scope, places);
      const values = tree.arms.map(({ pattern, value }) => {
        expressionNames(pattern, scope, places);
        return expressionNames(value, scope, places);
      });
      if (tree.otherwise !== undefined) values.push(expressionNames(tree.otherwise, scope, places));
      return values.find(({ kind }) => kind !== 'other') ?? OTHER;
    }
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'duration':
    case 'missing':
      return OTHER;
  }
}

export interface Meaning {
  readonly symbol: NamedSymbol | undefined;
  readonly type: Known;
}

/** What a name without anything before it stands for. */
export function plainName(name: string, scope: Scope, declared: Declared): Meaning {
  const alias = scope.aliases.get(name);
  if (alias !== undefined) return { symbol: alias.symbol, type: alias.row };
  const field = scope.own === undefined ? undefined : declared.fieldsOf(scope.own).get(name);
  if (field !== undefined && scope.own !== undefined)
    return { symbol: field, type: declared.fieldType(scope.own, name) };
  const [table] = scope.tables === true ? tablesNamed(declared.tables, { table: name }) : [];
  if (table !== undefined) return { symbol: table.symbol, type: rowsOf(table) };
  const enumeration = declared.enums.get(name);
  if (enumeration !== undefined) return { symbol: enumeration.symbol, type: { kind: 'enum', name } };
  // A test has no message, so that `meta` means nothing there.
  if (name === 'meta' && scope.tables !== true) return { symbol: undefined, type: { kind: 'meta' } };
  const record = declared.records.get(name);
  return record?.tree.kind === 'lookup'
    ? { symbol: record.symbol, type: { kind: 'lookup', name } }
    : { symbol: undefined, type: OTHER };
}

/** `app.orders` in a test, unless `app` is a table itself and `orders` one of its columns. */
function tableOf(
  { target, name }: MemberExpression,
  scope: Scope,
  declared: Declared,
): TableEntry | undefined {
  if (scope.tables !== true || target.kind !== 'name') return undefined;
  const owners = tablesNamed(declared.tables, { table: target.name.text });
  if (owners.some(({ record }) => declared.fieldsOf(record).has(name.text))) return undefined;
  return tablesNamed(declared.tables, { schema: target.name.text, table: name.text })[0];
}

function rowsOf({ record }: TableEntry): Known {
  return { kind: 'list', element: { kind: 'record', name: record } };
}

/** What `.name` means on a value of a type. */
export function memberOf(target: Known, name: string, declared: Declared): Meaning {
  if (target.kind === 'record')
    return { symbol: declared.fieldsOf(target.name).get(name), type: declared.fieldType(target.name, name) };
  if (target.kind === 'list') {
    // A field of all elements; lists in lists are one list.
    const { symbol, type } = memberOf(target.element, name, declared);
    return { symbol, type: type.kind === 'list' ? type : { kind: 'list', element: type } };
  }
  if (target.kind === 'meta') return { symbol: builtinMeta.get(name), type: OTHER };
  if (target.kind === 'enum')
    return { symbol: declared.enums.get(target.name)?.members.get(name), type: OTHER };
  return { symbol: undefined, type: OTHER };
}

/** What `[…]` gives: an element of a list, the row of a lookup. */
export function elementOf(target: Known): Known {
  if (target.kind === 'list') return target.element;
  return target.kind === 'lookup' ? { kind: 'record', name: target.name } : OTHER;
}
