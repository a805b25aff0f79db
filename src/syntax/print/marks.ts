import type { IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import { reserved, word } from '../../../grammar/tokens.ts';
import type { OrderedNode } from './tokens.ts';
import { closesBrackets, firstToken, isToken, opensBrackets } from './tokens.ts';

/**
 * Items of one form that follow each other are aligned: `field` is `name: type`, `value` is `name = …`; the last three
 * are whole declarations on one line.
 */
export type Form = 'field' | 'value' | 'subject' | 'member' | 'arm' | 'enumeration' | 'stream' | 'role';

/** How one token stands between its neighbours; the words and signs themselves are never changed. */
export interface Mark {
  readonly token: IToken;
  /** No space before it, or after it. */
  glueBefore: boolean;
  glueAfter: boolean;
  /** It begins an item of a block, which has a line of its own where the block has several. */
  item?: { readonly form: Form | 'other'; readonly first: boolean };
  /**
   * `before`: it begins a line where the writer let it begin one.
   * `around`: also where the writer broke the line behind it.
   */
  soft?: 'before' | 'around';
  /** It stands in a column with the same tokens of the items around it. */
  column?: number;
  /** It opens brackets. Blocks hold items; a `match` is a block inside an expression. */
  opens?: 'block' | 'match' | 'list';
  /** The index of the token that closes these brackets. */
  closedAt?: number;
}

/** The tokens of a file, each with how it is set. */
export function marksOf(file: OrderedNode): readonly Mark[] {
  const marks: Mark[] = [];
  visit(file, marks);
  return marks;
}

/** Rules whose braces hold items. */
const blocks = new Set(['pipeline', 'enumeration', 'body', 'lookup', 'stream', 'role', 'test', 'store']);
const operators = new Set(['disjunction', 'conjunction', 'comparison', 'fallback', 'sum', 'product']);
/** Rules whose parentheses or brackets follow a name without a space. */
const glued = new Set(['type', 'attribute', 'signed', 'fn', 'call', 'step']);

const gluedBefore = new Set([t.Comma, t.Colon, t.Question, t.RightParen, t.RightSquare]);
const gluedAfter = new Set([t.LeftParen, t.LeftSquare, t.Spread, t.At]);
const gluedAround = new Set([t.Dot, t.QuestionDot, t.Range]);

function visit(node: OrderedNode, marks: Mark[]): void {
  const isBlock = blocks.has(node.rule);
  let open: number | undefined;
  let softNext = false;
  let items = 0;
  for (const part of node.parts) {
    const at = marks.length;
    if (isToken(part)) marks.push(markOf(part, node));
    else visit(part, marks);
    const mark = marks[at];
    if (mark === undefined) continue;
    if (softNext) mark.soft ??= 'before';
    softNext = false;
    const form = itemForm(part, node, open !== undefined);
    if (form !== undefined) mark.item = { form, first: items++ === 0 };
    if (!isToken(part)) continue;
    softNext = breaksAfter(part, node);
    if (opensBrackets(part)) {
      open = at;
      mark.opens = node.rule === 'match' ? 'match' : isBlock ? 'block' : 'list';
    } else if (closesBrackets(part) && open !== undefined) {
      const opening = marks[open];
      if (opening !== undefined) opening.closedAt = at;
      if (open === at - 1) mark.glueBefore = true;
      open = undefined;
    }
  }
  alignColumns(node, marks);
}

function markOf(token: IToken, { rule }: OrderedNode): Mark {
  const { tokenType: type } = token;
  const around = gluedAround.has(type);
  const bracket = (type === t.LeftParen || type === t.LeftSquare) && glued.has(rule);
  const sign = type === t.Minus && rule !== 'sum';
  const mark: Mark = {
    token,
    glueBefore: around || gluedBefore.has(type) || bracket,
    glueAfter: around || gluedAfter.has(type) || sign,
  };
  const branch = rule === 'condition' && (type === reserved.then || type === reserved.else);
  if (operators.has(rule) || branch) mark.soft = 'around';
  if (type === word.where || (rule === 'check' && type === t.TextLiteral)) mark.soft = 'before';
  return mark;
}

/** Whether the writer may break the line behind a token of a rule. */
function breaksAfter({ tokenType: type }: IToken, { rule }: OrderedNode): boolean {
  if (type === t.Comma) return rule !== 'type';
  if (type === t.Equal) return rule === 'field' || rule === 'fn';
  if (type === t.Arrow) return rule === 'arm' || rule === 'match';
  if (type === t.LeftParen) return rule !== 'type' && rule !== 'attribute';
  if (type === t.LeftCurly) return rule === 'jsonObject';
  return type === t.LeftSquare && (rule === 'jsonArray' || rule === 'literal');
}

/** The form of a part that is an item of the node, or nothing where it is none. */
function itemForm(
  part: OrderedNode | IToken,
  node: OrderedNode,
  inBraces: boolean,
): Form | 'other' | undefined {
  if (node.rule === 'match') {
    const isElse = isToken(part) && part.tokenType === reserved.else;
    return isElse || (!isToken(part) && part.rule === 'arm') ? 'arm' : undefined;
  }
  if (isToken(part)) return undefined;
  const isItem = node.rule === 'file' || (blocks.has(node.rule) && inBraces);
  return isItem ? formOf(contentOf(part)) : undefined;
}

/** Forms that are called as their rule. */
const plainForms = ['subject', 'enumeration', 'stream', 'role'] as const;

function formOf(item: OrderedNode): Form | 'other' {
  if (item.rule === 'field') {
    return item.parts.some((part) => isToken(part) && part.tokenType === t.Colon) ? 'field' : 'value';
  }
  if (item.rule === 'enumMember') return 'member';
  return plainForms.find((form) => form === item.rule) ?? 'other';
}

/** A declaration or member is one node around another. */
function contentOf(node: OrderedNode): OrderedNode {
  const [first] = node.parts;
  const wraps = node.rule === 'declaration' || node.rule === 'member';
  return wraps && first !== undefined && !isToken(first) ? first : node;
}

/** Marks what stands in columns: the types of fields, and the signs before values. */
function alignColumns(node: OrderedNode, marks: readonly Mark[]): void {
  const put = (part: OrderedNode | IToken | undefined, column: number): void => {
    const token = part === undefined ? undefined : firstToken(part);
    if (token === undefined) return;
    // The tokens of a node are the last ones so far.
    const mark = marks.findLast((each) => each.token === token);
    if (mark !== undefined) mark.column = column;
  };
  const own = (...types: readonly IToken['tokenType'][]): IToken | undefined =>
    node.parts.filter(isToken).find((token) => types.includes(token.tokenType));
  switch (node.rule) {
    case 'field': {
      const type = node.parts.find((part) => !isToken(part) && part.rule === 'type');
      put(type, 0);
      const attributed = node.parts.some((part) => !isToken(part) && part.rule === 'attribute');
      if (!attributed) put(own(t.Equal), type === undefined ? 0 : 1);
      return;
    }
    case 'subject':
    case 'enumMember':
      return put(own(t.Equal), 0);
    case 'arm':
    case 'match':
      return put(own(t.Arrow), 0);
    case 'enumeration':
    case 'stream':
    case 'role':
      return put(own(t.LeftCurly), 0);
    default:
  }
}
