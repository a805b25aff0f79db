/**
 * The candidate that was most likely meant by a misspelt name, or nothing where none is near: at most one
 * edit in three letters (two words of two letters are never near), case aside. Of equally near candidates
 * the first wins. Of very many only the first are looked at: a program with thousands of unknown names gets its findings all the same.
 */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const letters = lettersOf(wanted);
  let best: string | undefined;
  let bestDistance = Math.max(Math.floor(name.length / 3), name.length > 2 ? 1 : 0) + 1;
  let looked = 0;
  let seen = 0;
  for (const candidate of candidates) {
    if ((seen += 1) > MOST_SEEN) break;
    if (candidate === name || Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    if ((looked += 1) > MOST) break;
    const lower = candidate.toLowerCase();
    // Mostly the letters alone say that a name is not near.
    if (fewestEdits(letters, lettersOf(lower)) >= bestDistance) continue;
    const distance = editDistance(wanted, lower, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** So many are compared, and so many looked at to find them. */
const MOST = 1_000;
const MOST_SEEN = 5_000;

/** Which letters a text has, as bits: of a letter the last five. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) letters |= 1 << (text.charCodeAt(at) & 31);
  return letters;
}

/** An edit brings one letter that was not there at most, and takes away one. */
function fewestEdits(from: number, to: number): number {
  return Math.max(bitsIn(from & ~to), bitsIn(to & ~from));
}

function bitsIn(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

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
  const apart = Math.abs(from.length - to.length);
  if (from === '' || to === '' || apart >= limit) return apart;
  const columns = to.length + 1;
  let [beforeLast, last, current] = [
    new Array<number>(columns),
    new Array<number>(columns),
    new Array<number>(columns),
  ];
  for (let column = 0; column < columns; column += 1) last[column] = column;
  for (let row = 1; row <= from.length; row += 1) {
    // What is further from the diagonal has more edits than the limit.
    const first = Math.max(1, row - limit);
    const end = Math.min(to.length, row + limit);
    current[first - 1] = first === 1 ? row : Infinity;
    let least = row;
    const letter = from.charCodeAt(row - 1);
    const letterBefore = row > 1 ? from.charCodeAt(row - 2) : -1;
    for (let column = first; column <= end; column += 1) {
      const other = to.charCodeAt(column - 1);
      const above = column === row + limit ? Infinity : (last[column] ?? 0);
      const beside = (current[column - 1] ?? 0) + 1;
      let cost = (last[column - 1] ?? 0) + (letter === other ? 0 : 1);
      if (above + 1 < cost) cost = above + 1;
      if (beside < cost) cost = beside;
      const swapped = other === letterBefore && column > 1 && letter === to.charCodeAt(column - 2);
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current[column] = cost;
      if (cost < least) least = cost;
    }
    // A swap reaches back over one row and adds one: nothing below this can come of it.
    if (least >= limit) return least;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return last[to.length] ?? 0;
}
