/**
 * The candidate that was most likely meant by a misspelt name, or nothing where none is near: at most one
 * edit in three letters (two words of two letters are never near), case aside. Of equally near candidates
 * the first wins. Of very many only the first are looked at: a program with thousands of unknown names gets its findings all the same.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(Math.floor(name.length / 3), name.length > 2 ? 1 : 0) + 1;
  let looked = 0;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    if ((looked += 1) > MOST) break;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

const MOST = 1_000;

/**
 * Damerau–Levenshtein distance in its restricted form: insertions, deletions, substitutions and swaps of
 * neighbours, each counting one, no letter edited twice. Whoever only wants to know a distance below `limit` gets any number
 * from there on for a larger one.
 */
export function editDistance(from: string, to: string, limit = Infinity): number {
  // Names of one program often begin alike: what both begin and end with needs no edit.
  let start = 0;
  while (start < from.length && from[start] === to[start]) start += 1;
  let end = 0;
  while (end < Math.min(from.length, to.length) - start && from.at(-1 - end) === to.at(-1 - end)) end += 1;
  return distance(from.slice(start, from.length - end), to.slice(start, to.length - end), limit);
}

function distance(from: string, to: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
      if (cost < least) least = cost;
    }
    // A swap reaches back over one row and adds one: nothing below this can come of it.
    if (least >= limit) return least;
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
