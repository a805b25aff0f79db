import { grammarRules, tokenClasses, type Production } from './production.ts';
import { contextualWords, reservedWords } from './tokens.ts';

const WIDTH = 110;

/** The whole grammar as text: `[ ]` once or not, `{ }` any number of times, `|` or, quotes for words and signs. */
export function ebnf(): string {
  return [
    '(* The syntax of .nom files, written from the rules of the parser. `[ ]` once or not, `{ }` any number of times. *)',
    '',
    ...grammarRules().map(({ name, production }) => rule(name, production)),
    '',
    '(* Words and literals, as regular expressions. *)',
    '',
    ...[...tokenClasses].map(([type, name]) => `${name} = ? ${patternOf(type.PATTERN)} ? ;`),
    '',
    `(* Never a NAME: ${reservedWords.join(' ')} *)`,
    '(* Words in their place, names elsewhere:',
    ...wrapped(contextualWords),
    '*)',
    '',
  ].join('\n');
}

function patternOf(pattern: unknown): string {
  return pattern instanceof RegExp ? pattern.source : '';
}

function rule(name: string, production: Production): string {
  const line = `${name} = ${ebnfOf(production)} ;`;
  if (line.length <= WIDTH || production.kind !== 'choice') return line;
  const lines = production.alternatives.map((each, at) => `${at === 0 ? '  ' : '| '}${ebnfOf(each)}`);
  return `${name} =\n${lines.map((each) => `  ${each}`).join('\n')} ;`;
}

/** One production as text. */
export function ebnfOf(production: Production): string {
  switch (production.kind) {
    case 'sequence':
      return production.parts
        .map((part) => (part.kind === 'choice' ? `( ${ebnfOf(part)} )` : ebnfOf(part)))
        .join(' ');
    case 'choice':
      return production.alternatives.map(ebnfOf).join(' | ');
    case 'optional':
      return `[ ${ebnfOf(production.of)} ]`;
    case 'repeated':
      return repeated(production);
    case 'literal':
      return `"${production.text}"`;
    case 'class':
    case 'rule':
      return production.name;
  }
}

function repeated({ of, atLeast, separator }: Extract<Production, { kind: 'repeated' }>): string {
  const once = ebnfOf(of);
  const inSequence = of.kind === 'choice' ? `( ${once} )` : once;
  if (separator !== undefined) {
    const list = `${inSequence} { ${ebnfOf(separator)} ${inSequence} }`;
    return atLeast === 1 ? list : `[ ${list} ]`;
  }
  return atLeast === 1 ? `${inSequence} { ${once} }` : `{ ${once} }`;
}

function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(`   ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
