import type { IToken, TokenType } from 'chevrotain';
import type { StrayText } from '../../../grammar/tokens.ts';
import * as t from '../../../grammar/tokens.ts';
import { reserved } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { FOREIGN_SYNTAX } from '../codes/expressions.ts';
import { emptyAt } from './virtual.ts';

/** Signs that are no token, and what they mean between two values. */
const SIGNS: ReadonlyMap<string, readonly [TokenType, string]> = new Map([
  ['≥', [t.GreaterEqual, '>=']],
  ['≤', [t.LessEqual, '<=']],
  ['≠', [t.NotEqual, '!=']],
  ['×', [t.Star, '*']],
  ['÷', [t.Slash, '/']],
  ['−', [t.Minus, '-']],
  ['–', [t.Minus, '-']],
  ['→', [t.Arrow, '->']],
  ['…', [t.Range, '..']],
  ['|', [reserved.or, 'or']],
  ['&', [reserved.and, 'and']],
]);

/** Tokens with those that signs stand for, and the strays that are none. */
export interface WithSigns {
  readonly tokens: readonly IToken[];
  readonly strays: readonly StrayText[];
  readonly findings: readonly Diagnostic[];
}

/** Reads `≥` as `>=`, and others that people write or that a program for texts makes of two signs. */
export function withSigns(
  file: SourceFile,
  tokens: readonly IToken[],
  strays: readonly StrayText[],
): WithSigns {
  // `|>` is something else, and so is a `|` before an arm of a `match`.
  const known = strays.filter(
    ({ start, end }) =>
      SIGNS.has(file.text.slice(start, end)) &&
      !/^(?:[<>=|&]|\s*(?:"[^"\n]*"|[\w.]+)\s*->)/.test(file.text.slice(end)),
  );
  const isKnown = new Set(known);
  const added = known.flatMap(({ start, end }) => {
    const meant = SIGNS.get(file.text.slice(start, end));
    return meant === undefined ? [] : [{ ...emptyAt(start, meant[0], meant[1]), endOffset: end - 1 }];
  });
  const findings = known.map(({ start, end }) => {
    const sign = file.text.slice(start, end);
    const meant = SIGNS.get(sign)?.[1] ?? '';
    return finding(FOREIGN_SYNTAX, { file, start, end }, `\`${sign}\` is not an operator`, {
      label: /[|&]/.test(sign) ? 'as in other languages' : 'one sign for two',
      help: `write \`${meant}\``,
    });
  });
  return {
    tokens: added.reduce(inserted, tokens),
    strays: strays.filter((stray) => !isKnown.has(stray)),
    findings,
  };
}

/** Puts a token before the first that stands behind it; others may have been moved. */
function inserted(tokens: readonly IToken[], token: IToken): readonly IToken[] {
  const at = tokens.findIndex(({ startOffset }) => startOffset > token.startOffset);
  return tokens.toSpliced(at < 0 ? tokens.length : at, 0, token);
}
