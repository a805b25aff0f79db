/** `a → b → a`. Of a long circle its beginning and its end. */
export function shownCircle(names: readonly string[]): string {
  const shown = names.length <= LONGEST ? names : [...names.slice(0, 4), '…', ...names.slice(-2)];
  return shown.join(' → ');
}

const LONGEST = 10;
