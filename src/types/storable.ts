/** Up to this length a loop is faster than two calls into the engine. */
const SHORT = 24;

/** Whether Postgres can store the text as it is: no U+0000, no lone surrogate. */
export function isStorable(text: string): boolean {
  if (text.length > SHORT) return isStorableLong(text);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0 || code >= 0xd800) return isStorableLong(text);
  }
  return true;
}

function isStorableLong(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

export const STORABLE = 'a string without U+0000 and lone surrogates';

/** What is wrong with a text that is not storable. */
export function storableFault(text: string): string {
  return text.includes('\0') ? 'a string with U+0000' : 'a string with a lone surrogate';
}
