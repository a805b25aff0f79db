import type { Group } from './groups.ts';
import type { Mark } from './marks.ts';

/** Which tokens begin a line besides those that begin an item: the writer's choice, and what would be too long. */
export interface Breaks {
  /** Whether a token, by its index, begins a line. */
  before(at: number): boolean;
  /** How many steps a token stands further in because of broken groups around its own. */
  levels(at: number): number;
  /** Breaks the outermost group with a point from one token up to another; false where there is none. */
  add(from: number, to: number): boolean;
}

/** The breaks that a text has. */
export function breaksOf(text: string, marks: readonly Mark[], groups: ReadonlyMap<number, Group>): Breaks {
  const begins = marks.map((_mark, at) => isWriters(text, marks, at));
  const isBroken = ({ points }: Group): boolean => points.some((at) => begins[at] === true);
  return {
    before: (at) => begins[at] === true,
    levels: (at) => {
      const own = groups.get(at);
      let levels = 0;
      for (
        let around = own?.parent;
        around?.frame === own?.frame && around !== undefined;
        around = around.parent
      )
        if (around.indents && isBroken(around)) levels += 1;
      return levels;
    },
    add: (from, to) => {
      let outermost: Group | undefined;
      for (let at = from; at < to; at += 1) {
        const group = begins[at] === true ? undefined : groups.get(at);
        if (group !== undefined && (outermost === undefined || group.depth < outermost.depth))
          outermost = group;
      }
      for (const at of outermost?.points ?? []) begins[at] = true;
      return outermost !== undefined;
    },
  };
}

/** Whether the writer let a token begin a line where that is the writer's choice. */
function isWriters(text: string, marks: readonly Mark[], at: number): boolean {
  const mark = marks[at];
  const before = marks[at - 1];
  if (mark?.soft === undefined || before === undefined) return false;
  const breaksBetween = (left: Mark, right: Mark): boolean =>
    text.slice(left.token.startOffset + left.token.image.length, right.token.startOffset).includes('\n');
  const next = marks[at + 1];
  return (
    breaksBetween(before, mark) || (mark.soft === 'around' && next !== undefined && breaksBetween(mark, next))
  );
}
