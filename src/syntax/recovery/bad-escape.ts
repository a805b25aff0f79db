import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { BAD_ESCAPE } from '../codes/words.ts';
import { badEscapeIn } from '../sound.ts';

/** A finding about a part of a text that JSON does not allow; nothing where the text is sound. */
export function badEscape(file: SourceFile, { image, startOffset }: IToken): Diagnostic | undefined {
  const bad = badEscapeIn(image);
  if (bad === undefined) return undefined;
  const doubled = withDoubled(image);
  if (/^\\[^u]/.test(bad.part) && doubled !== undefined)
    return finding(
      BAD_ESCAPE,
      { file, start: startOffset, end: startOffset + image.length },
      `\`${bad.part}\` is not a valid escape`,
      {
        label: 'in a text, two backslashes stand for one',
        help: `write \`${doubled}\``,
      },
    );
  return findingOf(file, bad.part, startOffset + bad.index);
}

/** A text that is longer is not repeated. */
const LONGEST = 80;

/** The text with two backslashes for one wherever a pattern was meant; nothing where that does not make it sound. */
function withDoubled(image: string): string | undefined {
  const doubled = image.replaceAll(/\\(["\\/bfnrt]|u[0-9A-Fa-f]{4})?/g, (part, known: string | undefined) =>
    known === undefined ? '\\\\' : part,
  );
  return doubled.length <= LONGEST && badEscapeIn(doubled) === undefined ? doubled : undefined;
}

function findingOf(file: SourceFile, part: string, start: number): Diagnostic {
  const span = { file, start, end: start + part.length };
  if (!part.startsWith('\\')) {
    const written = part === '\t' ? '\\t' : `\\u${part.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return finding(BAD_ESCAPE, span, 'text contains a control character', {
      label: 'a control character',
      help: `write \`${written}\``,
    });
  }
  if (part.startsWith('\\u')) {
    return finding(BAD_ESCAPE, span, 'expected four hexadecimal digits after `\\u`', {
      label: 'too few digits',
    });
  }
  return finding(BAD_ESCAPE, span, `\`${part}\` is not a valid escape`, {
    label: 'not an escape',
    help: `write two backslashes for one: \`\\${part}\``,
  });
}
