import { closest } from '../diagnostics/suggest.ts';

/** `did you mean …`, or the names that there are when they are few. */
export function suggestion(name: string, known: readonly string[]): string | undefined {
  const near = closest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length > 0 && known.length <= 8
    ? `known names: ${known.map((each) => `\`${each}\``).join(', ')}`
    : undefined;
}
