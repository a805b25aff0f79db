import type { IToken } from 'chevrotain';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { BAD_ESCAPE } from '../codes/words.ts';

/** A part of a text that JSON does not allow; nothing where the text is sound. */
export function badEscape(token: IToken): { finding: (file: SourceFile) => Diagnostic } | undefined {
  const { image } = token;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\\\u0000-\u001F]/.test(image)) return undefined;
  // oxlint-disable-next-line no-control-regex -- as above
  const parts = image.matchAll(/\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})|\\u[0-9A-Fa-f]{0,3}|\\.|[\u0000-\u001F]/gu);
  for (const { 0: part, index } of parts) {
    if (/^\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})$/.test(part)) continue;
    return { finding: (file) => findingOf(file, part, token.startOffset + index) };
  }
  return undefined;
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
