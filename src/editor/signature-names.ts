import type { IToken } from 'chevrotain';
import { Comma, LeftParen, word } from '../../grammar/tokens.ts';
import { signatureSchemes } from '../signatures/registry.ts';
import type { SchemeParameter, SignatureScheme } from '../signatures/scheme.ts';
import type { NamedSymbol } from './symbol.ts';

/** The schemes behind `signed by`, as names that the language brings. */
export const builtinSchemes: ReadonlyMap<string, NamedSymbol> = new Map(
  [...signatureSchemes.values()].map((scheme) => [
    scheme.name,
    { kind: 'scheme', name: scheme.name, signature: () => signatureOf(scheme), doc: docOf(scheme) },
  ]),
);

function signatureOf({ name, parameters }: SignatureScheme): string {
  const names = parameters.map((each) => `${each.name}${each.required ? '' : '?'}`);
  return `signed by ${name}(${['SECRET', ...names].join(', ')})`;
}

function docOf({ doc, source, parameters }: SignatureScheme): string {
  const each = parameters.map(({ name, doc: what, takes }) => `- \`${name}\`: ${what} Takes ${takes}.`);
  return [doc, ...(each.length === 0 ? [] : [each.join('\n')]), `[${source}](${source})`].join('\n\n');
}

/** Which argument of a scheme the cursor is in, where it is in the parentheses of a `signed by`. */
export type ArgumentPlace =
  | { readonly kind: 'secret' }
  | { readonly kind: 'option'; readonly parameter: SchemeParameter | undefined };

export function argumentAt(before: readonly IToken[]): ArgumentPlace | undefined {
  const open = before.findLastIndex(({ tokenType }) => tokenType === LeftParen);
  const [signed, by, scheme] = before.slice(Math.max(0, open - 3), open);
  if (open < 3 || signed?.tokenType !== word.signed || by?.tokenType !== word.by) return undefined;
  const at = before.slice(open).filter(({ tokenType }) => tokenType === Comma).length;
  if (at === 0) return { kind: 'secret' };
  return {
    kind: 'option',
    parameter: signatureSchemes.get(scheme?.image ?? '')?.parameters[at - 1],
  };
}
