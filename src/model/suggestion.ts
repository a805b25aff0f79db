import { closest } from '../diagnostics/suggest.ts';

/** `did you mean …`, or the names that there are when they are few. */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const near = closest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  const few = firstOf(known, FEW + 1);
  return few.length > 0 && few.length <= FEW
    ? `known names: ${few.map((each) => `\`${each}\``).join(', ')}`
    : undefined;
}

const FEW = 8;

function firstOf(names: Iterable<string>, most: number): readonly string[] {
  const first: string[] = [];
  for (const name of names) if (first.push(name) >= most) break;
  return first;
}
