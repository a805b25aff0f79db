import type { IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import { reserved, word } from '../../../grammar/tokens.ts';
import type { Mark } from './marks.ts';
import type { OrderedNode } from './tokens.ts';
import { closesBrackets, firstToken, isToken, opensBrackets } from './tokens.ts';

/** Tokens that begin lines together where what they part is too long for one line. */
export interface Group {
  /** Their indexes. */
  readonly points: readonly number[];
  /** How deep in the tree: of a line that is too long, the outermost group is broken first. */
  readonly depth: number;
  /** The group that it stands in. */
  readonly parent: Group | undefined;
  /** The index of the bracket that its points stand in; -1 where they stand in none. */
  readonly frame: number;
  /** Lines that begin within one of its parts are indented further than its own. */
  readonly indents: boolean;
}

type Part = OrderedNode | IToken;

/** Where a node stands. */
interface Place {
  readonly depth: number;
  readonly parent: Group | undefined;
  readonly frame: number;
}

const operators = new Set(['disjunction', 'conjunction', 'comparison', 'fallback', 'sum', 'product']);

/** The groups of a file, by the index of each point; a token is a point of at most one. */
export function groupsOf(file: OrderedNode, marks: readonly Mark[]): ReadonlyMap<number, Group> {
  const indexes = new Map<IToken | undefined, number>(marks.map(({ token }, index) => [token, index]));
  const groups = new Map<number, Group>();

  const indexOf = (part: Part): number => indexes.get(firstToken(part)) ?? -1;

  /** The place of what stands between the points of a new group. */
  const group = (place: Place, points: readonly Part[], indents: boolean): Place => {
    const { depth, frame } = place;
    if (points.length === 0) return { ...place, depth: depth + 1 };
    const made = { ...place, points: points.map(indexOf), indents };
    for (const index of made.points) groups.set(index, made);
    return { depth: depth + 1, parent: made, frame };
  };

  const visit = (node: OrderedNode, place: Place): void => {
    if (node.rule === 'condition') return visitConditions(conditionsFrom(node), place);
    const around = group(place, pointsOf(node), operators.has(node.rule));
    let inner = around;
    for (const [at, part] of node.parts.entries()) {
      if (!isToken(part)) visit(part, inner);
      else if (closesBrackets(part)) inner = around;
      else if (opensBrackets(part)) {
        const index = indexOf(part);
        const elements = elementsOf(node, node.parts.slice(at + 1), (each) => marks[indexOf(each)]?.item);
        inner = group({ ...around, frame: index }, elements, marks[index]?.opens === 'list');
      }
    }
  };

  /** `else` begins a line in all of them together, `then` with it, or after it where there is an `else if`. */
  const visitConditions = (conditions: readonly OrderedNode[], place: Place): void => {
    const words = conditions.map(({ parts }) => parts.filter(isToken));
    const thens = words.flatMap((each) => each.filter(({ tokenType }) => tokenType === reserved.then));
    const elses = words.flatMap((each) => each.filter(({ tokenType }) => tokenType === reserved.else));
    const alone = conditions.length === 1;
    const around = group(place, alone ? [...thens, ...elses] : elses, true);
    for (const [at, { parts }] of conditions.entries()) {
      const [condition, value, otherwise] = parts.filter((part): part is OrderedNode => !isToken(part));
      const then = thens[at];
      if (condition !== undefined) visit(condition, around);
      if (value !== undefined)
        visit(value, alone || then === undefined ? around : group(around, [then], true));
      if (otherwise !== undefined && at === conditions.length - 1) visit(otherwise, around);
    }
  };

  visit(file, { depth: 0, parent: undefined, frame: -1 });
  return groups;
}

/** The points of a node outside of its brackets. */
function pointsOf({ rule, parts }: OrderedNode): readonly Part[] {
  if (operators.has(rule)) return parts.filter(isToken);
  if (rule === 'derive') return parts.filter((part) => isToken(part) && part.tokenType === word.where);
  if (rule === 'check') return parts.filter((part) => isToken(part) && part.tokenType === t.TextLiteral);
  // The braces of a `match` are a better place to break than the sign before it.
  if (rule === 'fn') return parts.slice(-1).filter((part) => firstToken(part)?.tokenType !== reserved.match);
  return [];
}

/** The parts behind an opening bracket that begin lines where it is broken. */
function elementsOf(
  { rule }: OrderedNode,
  behind: readonly Part[],
  itemOf: (part: Part) => Mark['item'],
): readonly Part[] {
  const end = behind.findIndex((part) => isToken(part) && closesBrackets(part));
  const inside = behind.slice(0, end);
  if (rule !== 'call' && rule !== 'fn' && rule !== 'signed')
    return inside.filter((part) => itemOf(part) !== undefined);
  const elements = inside.filter((part) => !isToken(part));
  const [only, ...more] = elements;
  // A name or literal alone is no shorter on a line of its own.
  return only === undefined || (more.length === 0 && isOneToken(only)) ? [] : elements;
}

/** An `if` with those that stand directly behind its `else`. */
function conditionsFrom(node: OrderedNode): readonly OrderedNode[] {
  const last = node.parts.at(-1);
  const next = last === undefined || isToken(last) ? undefined : last.parts[0];
  const isNext = next !== undefined && !isToken(next) && next.rule === 'condition';
  return isNext ? [node, ...conditionsFrom(next)] : [node];
}

function isOneToken(part: Part): boolean {
  if (isToken(part)) return true;
  const [only, ...more] = part.parts;
  return only !== undefined && more.length === 0 && isOneToken(only);
}
