/** What a sender wrote must not steer the terminal of who reads it: controls, and marks that reorder or hide text. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** On one line, every hidden character as its code. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(HIDDEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Every line by itself: only the line breaks stay what they are. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

const HIDDEN_IN_JSON = /[^\P{C}\0-~]|[\p{Zl}\p{Zp}]/gu;

/** JSON that says the same, with every hidden character as its escape. `JSON.stringify` escapes only those below the space. */
export function visibleJson(json: string): string {
  return json.replaceAll(HIDDEN_IN_JSON, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
