import type { IToken, TokenType } from 'chevrotain';
import type { StrayText } from '../../../grammar/tokens.ts';
import * as t from '../../../grammar/tokens.ts';
import { mistakes, reserved } from '../../../grammar/tokens.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { finding } from '../../diagnostics/diagnostic.ts';
import type { SourceFile } from '../../text/source.ts';
import { tokenSpan } from '../lower/context.ts';
import { FOREIGN_SYNTAX } from '../codes/expressions.ts';
import { SEPARATOR } from '../codes/structure.ts';
import { FOREIGN_COMMENT, OPEN_TEXT, STRAY_CHARACTER, WRONG_QUOTES } from '../codes/words.ts';
import { badNumber } from './bad-number.ts';
import { cutOpenText } from './open-text.ts';
import { badEscape } from './bad-escape.ts';
import { latin } from './latin.ts';
import { templateText } from './template-text.ts';
import { inPlaceOf } from './virtual.ts';

/** Tokens that the grammar can read, and what was wrong with those that the file has. */
export interface FixedWords {
  readonly tokens: readonly IToken[];
  readonly findings: readonly Diagnostic[];
  /** Tokens that stand for what can only be guessed; a fault close to one is not reported. */
  readonly tainted: readonly IToken[];
}

/** What becomes of one token: the finding, and what takes its place. */
interface FixedWord {
  readonly finding?: Diagnostic;
  readonly tokens: readonly IToken[];
  readonly tainted?: boolean;
}

/** Fixes faults inside single words. */
export function fixWords(
  file: SourceFile,
  tokens: readonly IToken[],
  strays: readonly StrayText[],
): FixedWords {
  const findings = strays.slice(0, MAX_FINDINGS).map((stray) => strayFinding(file, stray));
  const fixed: IToken[] = [];
  const tainted: IToken[] = [];
  const told = new Set<string>();
  for (const token of tokens) {
    const result = fixWord(file, token);
    for (const each of result.tokens) {
      fixed.push(each);
      if (result.tainted === true) tainted.push(each);
    }
    if (result.finding === undefined) continue;
    const words = `${result.finding.code} ${result.finding.message}`;
    const again = told.has(words);
    if (!again && told.size >= MAX_FINDINGS) continue;
    told.add(words);
    findings.push(result.finding);
  }
  return { tokens: fixed, findings, tainted };
}

/** A declaration in which so much cannot be read is not worth more. */
const MAX_FINDINGS = 20;

/** Operators of other languages: what is meant, the advice, and where people know them from. */
const OPERATORS: ReadonlyMap<TokenType, readonly [TokenType, string, string]> = new Map([
  [mistakes.andAnd, [reserved.and, 'write `and`', 'TypeScript']],
  [mistakes.orOr, [reserved.or, 'write `or`; texts are joined with `concat(a, b)`', 'TypeScript']],
  [mistakes.bang, [reserved.not, 'write `not`', 'TypeScript']],
  [mistakes.strictEqual, [t.EqualEqual, 'write `==`', 'TypeScript']],
  [mistakes.strictNotEqual, [t.NotEqual, 'write `!=`', 'TypeScript']],
  [mistakes.lessGreater, [t.NotEqual, 'write `!=`', 'SQL']],
  [mistakes.fatArrow, [t.Arrow, 'write `->`; "greater or equal" is `>=`', 'TypeScript']],
  [mistakes.colonEqual, [t.Equal, 'write `=`', 'Go']],
]);

function fixWord(file: SourceFile, token: IToken): FixedWord {
  const span = tokenSpan(file, token);
  const operator = OPERATORS.get(token.tokenType);
  if (operator !== undefined) {
    const [type, help, language] = operator;
    const message = `\`${token.image}\` is not an operator`;
    return {
      finding: finding(FOREIGN_SYNTAX, span, message, { label: `as in ${language}`, help }),
      tokens: [inPlaceOf(token, type)],
      // Whether texts were to be joined, nobody knows here.
      tainted: token.tokenType === mistakes.orOr,
    };
  }
  switch (token.tokenType) {
    case t.TextLiteral: {
      const bad = badEscape(file, token);
      if (bad === undefined) return { tokens: [token] };
      return { finding: bad, tokens: [inPlaceOf(token, t.TextLiteral, '""')] };
    }
    case mistakes.openText:
      return {
        finding: finding(OPEN_TEXT, span, 'this text is never closed', {
          label: 'starts here, still open at the end of the line',
          help: 'put a `"` at its end',
        }),
        tokens: cutOpenText(token),
        tainted: true,
      };
    case mistakes.singleQuoted:
      return templateText(file, token) ?? singleQuoted(file, token);
    case mistakes.badNumber:
      return badNumber(file, token);
    case mistakes.foreignName:
      return {
        finding: finding(
          STRAY_CHARACTER,
          span,
          'a name has only letters from A to Z, digits and `_`, and begins with no digit',
          { label: 'not a valid name', help: latinHelp(token.image) },
        ),
        tokens: [inPlaceOf(token, t.Identifier, latin(token.image))],
      };
    case mistakes.semicolon:
      return {
        finding: finding(SEPARATOR, span, 'unexpected semicolon', {
          label: 'items of a file have no separator',
          help: 'leave it out, here and elsewhere',
        }),
        tokens: [],
      };
    case mistakes.blockComment:
    case mistakes.openComment:
    case mistakes.hashComment:
      return {
        finding: finding(FOREIGN_COMMENT, firstLine(file, token), 'a comment starts with `//`', {
          label: token.tokenType === mistakes.hashComment ? 'as in YAML' : 'as in TypeScript',
          help: commentHelp(token),
        }),
        tokens: [],
      };
    default:
      return { tokens: [token] };
  }
}

function latinHelp(image: string): string {
  const name = latin(image);
  return /^[A-Za-z_]\w*$/.test(name)
    ? `write \`${name}\``
    : 'choose a name of such letters, for example `Order`';
}

function singleQuoted(file: SourceFile, token: IToken): FixedWord {
  const open = token.image.length < 2 || !/['`\u2019\u201C\u201D]$/.test(token.image);
  const inner = token.image.slice(1, open ? undefined : -1);
  return {
    finding: finding(WRONG_QUOTES, tokenSpan(file, token), 'expected text in double quotes', {
      label: 'not in double quotes',
      help: open ? 'write `"` on both sides' : `write ${JSON.stringify(inner)}`,
    }),
    tokens: open ? cutOpenText(token) : [inPlaceOf(token, t.TextLiteral, JSON.stringify(inner))],
    tainted: open,
  };
}

function firstLine(file: SourceFile, token: IToken) {
  const length = token.image.search(/[\r\n]/);
  const span = tokenSpan(file, token);
  return length < 0 ? span : { ...span, end: span.start + length };
}

function commentHelp({ image }: IToken): string {
  const text = /^#+\s*(.*?)\s*$/.exec(image)?.[1];
  return text === undefined || text.includes('`')
    ? 'write `//` before each line of it'
    : `write \`// ${text}\``;
}

const INVISIBLE: Readonly<Record<string, string>> = {
  '\uFEFF': 'a byte order mark',
  '\u00A0': 'a no-break space',
  '\u200B': 'a zero-width space',
  '\u3000': 'an ideographic space',
};

function strayFinding(file: SourceFile, { start, end }: StrayText): Diagnostic {
  const text = file.text.slice(start, end);
  const known = INVISIBLE[text];
  const shown = known ?? (/^[\p{C}\p{Z}]+$/u.test(text) ? codePoints(text) : `\`${text.slice(0, 30)}\``);
  return finding(STRAY_CHARACTER, { file, start, end }, `unexpected character: ${shown}`, {
    label: 'not part of any word',
    help: known === undefined ? 'leave it out' : 'write a plain space, or remove it',
  });
}

function codePoints(text: string): string {
  const points = [...text].slice(0, 4).map((character) => {
    const digits = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
    return `U+${digits.padStart(4, '0')}`;
  });
  return `the character ${points.join(' ')}`;
}
