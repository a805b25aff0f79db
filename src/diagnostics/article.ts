/** `a` or `an`, as a sentence has it before this word. */
export function articleOf(word: string): string {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}
