import type { Report } from '../../diagnostics/diagnostic.ts';
import type { ExpressionTree } from '../../syntax/expression-tree.ts';
import type { FieldTree } from '../../syntax/tree.ts';
import type { Expression } from '../expression.ts';
import type {
  EnumModel,
  FieldModel,
  FunctionModel,
  LookupModel,
  RecordModel,
  StoreModel,
} from '../program.ts';
import type { Typed } from '../type.ts';

/** What names mean where an expression stands. */
export interface Scope extends NamedValues {
  readonly report: Report;
  /** The sources of a derivation, by slot. */
  readonly aliases: readonly Alias[];
  /** The record whose fields may be named directly, in the slot after the aliases. */
  readonly own?: OwnFields;
  /** The record's fields where none of them is computed yet: a `where` decides whether they are. */
  readonly later?: LaterFields;
  /** Tables, only in tests: a test has no message, so that `meta` means nothing there. */
  readonly tables?: readonly StoreModel[];
  /** Paths that are known not to be null here, as `pathKey` gives them. */
  readonly nonNull: ReadonlySet<string>;
  /** Whether a row is derived here, so that it may be dropped by `skip()`. */
  readonly skippable?: boolean;
}

/** What is named everywhere in a program. */
export interface NamedValues {
  readonly enums: ReadonlyMap<string, EnumModel>;
  readonly functions?: UserFunctions;
  readonly lookups?: ReadonlyMap<string, LookupModel>;
}

/** What a scope needs of the declared functions. */
export interface UserFunctions {
  readonly names: readonly string[];
  /** The function; `open` while it is being resolved, which only a call of itself can see. */
  readonly find: (name: string) => FunctionModel | 'open' | undefined;
}

/** `infer` of infer.ts, handed to the files that it is made of. */
export type Infer = (tree: ExpressionTree, scope: Scope) => Expression;

export interface Alias {
  readonly name: string;
  readonly row: Typed;
  /** For a source with `each`: its list, as the program has it. */
  readonly list?: string;
}

export interface OwnFields {
  readonly record: RecordModel;
  readonly slot: number;
  readonly names: readonly string[];
  /** The place of a name among them, -1 where it is none. A record can have thousands. */
  readonly indexOf: (name: string) => number;
  /** The field with its type, resolved on demand; nothing where its resolution is under way. */
  readonly resolve: (index: number) => FieldModel | undefined;
}

export interface LaterFields {
  readonly record: string;
  readonly fields: readonly FieldTree[];
}

/** Where no path is known not to be null. */
export const NOTHING_PROVEN: ReadonlySet<string> = new Set();

/** Names a path of fields from a slot, for narrowing; nothing for other expressions. */
export function pathKey(expression: Expression): string | undefined {
  if (expression.kind === 'slot') return `#${expression.slot}`;
  if (expression.kind !== 'field') return undefined;
  const target = pathKey(expression.target);
  return target === undefined ? undefined : `${target}.${expression.name}`;
}

/** The same scope in a place where further paths are known not to be null. */
export function narrowed(scope: Scope, paths: readonly string[]): Scope {
  return paths.length === 0 ? scope : { ...scope, nonNull: new Set([...scope.nonNull, ...paths]) };
}

/** The paths that are not null wherever the condition is true (or, with `truth` false, wherever it is false). */
export function provenNonNull(condition: Expression, truth: boolean): readonly string[] {
  switch (condition.kind) {
    case 'not':
      return provenNonNull(condition.operand, !truth);
    case 'and':
    case 'or': {
      const left = provenNonNull(condition.left, truth);
      const right = provenNonNull(condition.right, truth);
      const both = (condition.kind === 'and') === truth;
      return both ? [...left, ...right] : left.filter((path) => right.includes(path));
    }
    case 'compare':
      return comparedWithNull(condition, truth);
    default:
      return [];
  }
}

function comparedWithNull(
  condition: Extract<Expression, { kind: 'compare' }>,
  truth: boolean,
): readonly string[] {
  const { operator, left, right } = condition;
  if ((operator === '!=') !== truth || (operator !== '==' && operator !== '!=')) return [];
  const isNull = (side: Expression): boolean => side.kind === 'literal' && side.value === null;
  const path = isNull(right) ? pathKey(left) : isNull(left) ? pathKey(right) : undefined;
  return path === undefined ? [] : [path];
}
