/** What a sender wrote must not steer the terminal of who reads it: controls, and marks that reorder or hide text. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** On one line, every hidden character as its code. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
