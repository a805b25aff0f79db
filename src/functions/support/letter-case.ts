import { hasSurrogates } from './characters.ts';

/**
 * Each character by itself, in the root locale of Unicode. A character whose mapping is several characters stays, as
 * in Postgres, so that the length of a text never changes; and so does the place in a word never matter.
 */
function byCharacter(text: string, map: (character: string) => string): string {
  let result = '';
  for (const character of text) {
    const mapped = map(character);
    const single = mapped.length === character.length && (mapped.length === 1 || hasSurrogates(mapped));
    result += single ? mapped : character;
  }
  return result;
}

export function lowerCase(text: string): string {
  const whole = text.toLowerCase();
  // The engine maps a sigma at the end of a word in another way than elsewhere.
  if (whole.length === text.length && !text.includes('Σ')) return whole;
  return byCharacter(text, (character) => character.toLowerCase());
}

export function upperCase(text: string): string {
  const whole = text.toUpperCase();
  if (whole.length === text.length) return whole;
  return byCharacter(text, (character) => character.toUpperCase());
}
