import type { IToken } from 'chevrotain';
import * as t from '../../../grammar/tokens.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { WRONG_QUOTES } from '../codes/words.ts';
import { tokenSpan } from '../lower/context.ts';
import { asText } from './as-text.ts';
import { inPlaceOf } from './virtual.ts';

/** `` `${note}!` `` of TypeScript: the same as a call of `concat`. Nothing for other texts. */
export function templateText(file: SourceFile, token: IToken) {
  const { image } = token;
  if (!/^`.*\$\{.*`$/.test(image)) return undefined;
  const parts = partsOf(image.slice(1, -1));
  if (parts.some((part) => part.kind === 'value' && !/^[\w.?]+$/.test(part.text))) return undefined;
  const values = parts.map((part) =>
    part.kind === 'value' ? asText(file, part.text) : JSON.stringify(part.text),
  );
  return {
    finding: finding(
      WRONG_QUOTES,
      tokenSpan(file, token),
      'a text has no `${…}` in it: `concat` joins texts',
      { label: 'as in TypeScript', help: `write \`concat(${values.join(', ')})\`` },
    ),
    tokens: [inPlaceOf(token, t.TextLiteral, '""')],
  };
}

interface Part {
  readonly kind: 'text' | 'value';
  readonly text: string;
}

function partsOf(template: string): readonly Part[] {
  return template
    .split(/(\$\{[^}]*\})/)
    .filter((text) => text !== '')
    .map((text): Part => {
      const value = /^\$\{\s*(.*?)\s*\}$/.exec(text)?.[1];
      return value === undefined ? { kind: 'text', text } : { kind: 'value', text: value };
    });
}
