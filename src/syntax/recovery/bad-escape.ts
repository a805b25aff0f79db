import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { BAD_ESCAPE } from '../codes/words.ts';
import { badEscapeIn } from '../sound.ts';

/** A finding about a part of a text that JSON does not allow; nothing where the text is sound. */
export function badEscape(file: SourceFile, { image, startOffset }: IToken): Diagnostic | undefined {
  const bad = badEscapeIn(image);
  return bad === undefined ? undefined : findingOf(file, bad.part, startOffset + bad.index);
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
      help: 'write four, such as `\\u00e9`, or the character itself',
    });
  }
  return finding(BAD_ESCAPE, span, `\`${part}\` is not a valid escape`, {
    label: 'not an escape',
    help: `write two backslashes for one: \`\\${part}\``,
  });
}
