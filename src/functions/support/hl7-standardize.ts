import { encodingOf, escapedCharacter, isHeader, isStandard, type Hl7Encoding } from './hl7-encoding.ts';

/** How the standard encoding writes one of its own characters where it means nothing. */
const ESCAPED: Readonly<Record<string, string>> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '\\': '\\E\\',
  '&': '\\T\\',
};

const plain = (character: string): string => ESCAPED[character] ?? character;

/** What stands between two escape characters; anything else is text of a sender that does not escape. */
const SEQUENCE = /^[A-Za-z.][A-Za-z0-9.+-]*$/;

/** A segment of a message with this encoding, written in the standard one: it means the same by itself. */
export function standardize(segment: string, encoding: Hl7Encoding): string {
  if (isStandard(encoding)) return segment;
  if (!isHeader(segment)) return rewrite(segment, encoding);
  const { field } = encodingOf(segment);
  const third = segment.indexOf(field, 4);
  return `${segment.slice(0, 3)}|^~\\&${third < 0 ? '' : rewrite(segment.slice(third), encoding)}`;
}

function rewrite(text: string, encoding: Hl7Encoding): string {
  const structure = new Map([
    [encoding.subcomponent, '&'],
    [encoding.repetition, '~'],
    [encoding.component, '^'],
    [encoding.field, '|'],
  ]);
  // A purpose without a character.
  structure.delete('');
  let result = '';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character !== encoding.escape) {
      result += structure.get(character) ?? plain(character);
      continue;
    }
    const end = text.indexOf(encoding.escape, at + 1);
    const sequence = text.slice(at + 1, Math.max(end, 0));
    if (!SEQUENCE.test(sequence)) {
      result += plain(character);
      continue;
    }
    const meant = escapedCharacter(sequence, encoding);
    result += meant === undefined ? `\\${sequence}\\` : plain(meant);
    at = end;
  }
  return result;
}
