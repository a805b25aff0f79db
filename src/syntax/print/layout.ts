import type { IToken } from 'chevrotain';
import type { Breaks } from './breaks.ts';
import type { Line } from './lines.ts';
import { append, emptyLine, WIDTH, widthOf } from './lines.ts';
import type { Form, Mark } from './marks.ts';

const STEP = 2;
/** Further in than the items of a block, so that a long head never looks like its first item. */
const CONTINUATION = 4;

/** Brackets that are open at some place, and the file itself. */
interface Frame {
  readonly kind: 'block' | 'list';
  /** Written on one line, with nothing in it that needs a line of its own. */
  readonly flat: boolean;
  readonly closedAt: number;
  /** Indentation of what it holds, and of its closing bracket. */
  readonly inner: number;
  readonly outer: number;
  /** A list whose first element stands on a new line, so that its bracket closes on one as well. */
  broke: boolean;
  /** The last item that began. */
  item?: { readonly form: Form | 'other'; readonly group: number; readonly line: number };
}

/** Something between two tokens of the file. */
interface Between {
  readonly comments: readonly IToken[];
}

/** What is laid out. */
export interface Content {
  readonly text: string;
  readonly marks: readonly Mark[];
  readonly comments: readonly IToken[];
}

/**
 * Sets the tokens of a file anew: one space where the grammar wants one, lines by blocks, lists and breaks, columns by
 * groups of items. Comments keep their place between the tokens.
 */
export function layOut({ text, marks, comments }: Content, breaks: Breaks): readonly Line[] {
  const lines: Line[] = [];
  const frames: Frame[] = [
    { kind: 'block', flat: false, closedAt: marks.length, inner: 0, outer: 0, broke: false },
  ];
  const between = commentsBetween(marks, comments);
  let groups = 0;
  for (let at = 0; at <= marks.length; at += 1) {
    const mark = marks[at];
    const frame = frames.at(-1);
    if (frame === undefined) throw new Error('a file cannot close more brackets than it opens');
    const lastLine = lines.length - 1;
    const closes = frame.closedAt === at;
    const item = frame.kind === 'block' && !frame.flat ? mark?.item : undefined;
    const first = marks[at - 1]?.closedAt === frame.closedAt || at === 0;
    const inside = item !== undefined || (closes && frame.kind === 'block');
    const hangs = !inside && frame.kind === 'block' && !frame.flat;
    const indent = frame.inner + (hangs ? CONTINUATION : 0) + STEP * breaks.levels(at);
    const written = writeComments(lines, between[at], {
      text,
      from: endOf(marks[at - 1]?.token),
      next: at,
      indent,
      blanks: inside,
      edge: first,
    });
    if (mark === undefined) break;
    const { token } = mark;
    const broken = written.mustBreak || breaksBefore(marks, breaks, at, frame, item !== undefined);
    if (item !== undefined) {
      const blank = !written.edge && hasBlank(text, written.end, token.startOffset);
      const before = frame.item;
      const joins =
        item.form !== 'other' &&
        before?.form === item.form &&
        before.line === lastLine &&
        !blank &&
        !written.blank;
      lines.push(emptyLine(frame.inner, blank, at));
      frame.item = {
        form: item.form,
        group: joins ? before.group : (groups += 1),
        line: lines.length - 1,
      };
    } else if (broken) {
      if (marks[at - 1]?.closedAt === frame.closedAt) frame.broke = true;
      lines.push(emptyLine(closes ? frame.outer : indent, false, at));
    }
    const line = lines.at(-1) ?? emptyLine(0, false, at);
    const flat =
      mark.closedAt === undefined || isFlat({ text, marks, breaks }, at, mark.closedAt, between, line);
    append(line, gapBefore(marks, at), token.image, alignmentOf(mark, frame, flat, lines.length - 1));
    if (closes) frames.pop();
    if (mark.opens !== undefined && mark.closedAt !== undefined) {
      const outer = mark.opens === 'block' && frame.kind === 'block' ? frame.inner : line.indent;
      frames.push({
        kind: mark.opens === 'list' ? 'list' : 'block',
        flat: frame.flat || (mark.opens !== 'list' && flat),
        closedAt: mark.closedAt,
        inner: outer + STEP,
        outer,
        broke: false,
      });
    }
  }
  return lines;
}

function endOf(token: IToken | undefined): number {
  return token === undefined ? 0 : token.startOffset + token.image.length;
}

function hasBreak(text: string, from: number, to: number): boolean {
  return text.slice(from, to).includes('\n');
}

function hasBlank(text: string, from: number, to: number): boolean {
  return /\n[ \t\r]*\n/.test(text.slice(from, to));
}

/** The comments before each token, and behind the last one. */
function commentsBetween(marks: readonly Mark[], comments: readonly IToken[]): readonly Between[] {
  let next = 0;
  const take = (until: number): Between => {
    const start = next;
    while ((comments[next]?.startOffset ?? Infinity) < until) next += 1;
    return { comments: comments.slice(start, next) };
  };
  return [...marks.map((mark) => take(mark.token.startOffset)), take(Infinity)];
}

interface CommentPlace {
  readonly text: string;
  /** The end of the token before, and the index of the token behind. */
  readonly from: number;
  readonly next: number;
  readonly indent: number;
  /** Blank lines stand between items only. */
  readonly blanks: boolean;
  /** At the beginning of a block or of the file, where no blank line stands. */
  readonly edge: boolean;
}

interface Written {
  /** Something was written, so that the next token needs a new line. */
  readonly mustBreak: boolean;
  /** A blank line stands before one of the comments. */
  readonly blank: boolean;
  /** Still at the beginning of the block: nothing was written on a line of its own. */
  readonly edge: boolean;
  /** Where the last comment ended, or the token before where there is none. */
  readonly end: number;
}

/** Writes the comments between two tokens: on the line of the first where they stood there, else on their own. */
function writeComments(lines: Line[], between: Between | undefined, place: CommentPlace): Written {
  let end = place.from;
  let anyBlank = false;
  let { edge } = place;
  const { comments = [] } = between ?? {};
  for (const [at, comment] of comments.entries()) {
    const image = comment.image.trimEnd();
    const last = lines.at(-1);
    const trails = at === 0 && !hasBreak(place.text, end, comment.startOffset);
    if (trails && last !== undefined) last.comment = image;
    else {
      const blank = place.blanks && !edge && hasBlank(place.text, end, comment.startOffset);
      anyBlank ||= blank;
      edge = false;
      lines.push({ ...emptyLine(place.indent, blank, place.next), comment: image });
    }
    end = endOf(comment);
  }
  return { mustBreak: comments.length > 0, blank: anyBlank, edge, end };
}

/** Whether a token that begins no item begins a line. */
function breaksBefore(
  marks: readonly Mark[],
  breaks: Breaks,
  at: number,
  frame: Frame,
  isItem: boolean,
): boolean {
  const mark = marks[at];
  const before = marks[at - 1];
  if (mark === undefined || before === undefined || isItem) return isItem;
  if (frame.flat) return false;
  if (frame.closedAt === at) {
    const isEmpty = before.closedAt === at;
    return !isEmpty && (frame.kind === 'block' || frame.broke);
  }
  return breaks.before(at);
}

/** Whether brackets stay on one line: written so, without comments, and within the width. */
function isFlat(
  { text, marks, breaks }: Pick<Content, 'text' | 'marks'> & { readonly breaks: Breaks },
  open: number,
  close: number,
  between: readonly Between[],
  line: Line,
): boolean {
  const opening = marks[open];
  const closing = marks[close];
  if (opening === undefined || closing === undefined) return false;
  // Brackets with nothing in them are printed on one line, wherever the writer broke it.
  if (close > open + 1 && hasBreak(text, opening.token.startOffset, closing.token.startOffset)) return false;
  let width = widthOf(line);
  for (let at = open; at <= close; at += 1) {
    if (at > open && ((between[at]?.comments.length ?? 0) > 0 || breaks.before(at))) return false;
    width += gapBefore(marks, at).length + (marks[at]?.token.image.length ?? 0);
  }
  return width <= WIDTH;
}

/** The space between a token and the one before, on one line. */
function gapBefore(marks: readonly Mark[], at: number): string {
  const mark = marks[at];
  const before = marks[at - 1];
  if (mark === undefined || before === undefined || mark.glueBefore || before.glueAfter) return '';
  return mark.item === undefined || mark.item.first ? ' ' : '  ';
}

function alignmentOf(
  mark: Mark,
  frame: Frame,
  flat: boolean,
  line: number,
): Line['segments'][number]['alignment'] {
  const { item } = frame;
  const isColumn = mark.column !== undefined && frame.kind === 'block' && !frame.flat && flat;
  if (!isColumn || item === undefined || item.form === 'other' || item.line !== line) return undefined;
  return { group: item.group, column: mark.column ?? 0 };
}
