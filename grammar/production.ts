import type { IProduction, TokenType } from 'chevrotain';
import * as chevrotain from './chevrotain.ts';
import { nomParser } from './parser.ts';
import * as t from './tokens.ts';

/** A grammar rule as data: what the written grammar and its diagrams are made from. */
export type Production =
  | { readonly kind: 'sequence'; readonly parts: readonly Production[] }
  | { readonly kind: 'choice'; readonly alternatives: readonly Production[] }
  | { readonly kind: 'optional'; readonly of: Production }
  | {
      readonly kind: 'repeated';
      readonly of: Production;
      readonly atLeast: 0 | 1;
      readonly separator?: Production;
    }
  /** A word or sign that stands as it is. */
  | { readonly kind: 'literal'; readonly text: string }
  /** A class of tokens: `NAME`, `NUMBER`. */
  | { readonly kind: 'class'; readonly name: string }
  | { readonly kind: 'rule'; readonly name: string };

export interface GrammarRule {
  readonly name: string;
  readonly production: Production;
}

/** The tokens that stand for many texts, with the names that the written grammar gives them. */
export const tokenClasses: ReadonlyMap<TokenType, string> = new Map([
  [t.Identifier, 'NAME'],
  [t.TextLiteral, 'TEXT'],
  [t.NumberLiteral, 'NUMBER'],
  [t.DurationLiteral, 'DURATION'],
  [t.SizeLiteral, 'SIZE'],
]);

/** What the classes of optional and repeated parts share. */
interface Group extends IProduction {
  readonly definition: IProduction[];
  readonly separator?: TokenType;
}

/** Every rule of the parser: the file first, each rule before the rules that it uses where it can. */
export function grammarRules(): readonly GrammarRule[] {
  const rules = nomParser().getGAstProductions();
  const order: string[] = [];
  const visit = (name: string): void => {
    if (order.includes(name)) return;
    order.push(name);
    rulesIn(productionOf(rules[name]?.definition ?? [])).forEach(visit);
  };
  visit('file');
  return order.map((name) => ({ name, production: productionOf(rules[name]?.definition ?? []) }));
}

function rulesIn(production: Production): readonly string[] {
  switch (production.kind) {
    case 'rule':
      return [production.name];
    case 'sequence':
      return production.parts.flatMap(rulesIn);
    case 'choice':
      return production.alternatives.flatMap(rulesIn);
    case 'optional':
    case 'repeated':
      return rulesIn(production.of);
    case 'literal':
    case 'class':
      return [];
  }
}

function productionOf(parts: readonly IProduction[]): Production {
  const [only, ...more] = parts.map(partOf);
  if (only !== undefined && more.length === 0) return only;
  return { kind: 'sequence', parts: only === undefined ? [] : [only, ...more] };
}

function partOf(part: IProduction): Production {
  if (part instanceof chevrotain.NonTerminal) return { kind: 'rule', name: part.nonTerminalName };
  if (part instanceof chevrotain.Terminal) return tokenOf(part.terminalType);
  if (part instanceof chevrotain.Alternation)
    return {
      kind: 'choice',
      alternatives: part.definition.map((each) => productionOf((each as Group).definition)),
    };
  const { definition, separator } = part as Group;
  const of = productionOf(definition);
  if (part instanceof chevrotain.Option) return { kind: 'optional', of };
  const atLeast =
    part instanceof chevrotain.RepetitionMandatory ||
    part instanceof chevrotain.RepetitionMandatoryWithSeparator
      ? 1
      : 0;
  return {
    kind: 'repeated',
    of,
    atLeast,
    ...(separator === undefined ? {} : { separator: tokenOf(separator) }),
  };
}

function tokenOf(type: TokenType): Production {
  const name = tokenClasses.get(type);
  return name === undefined ? { kind: 'literal', text: type.LABEL ?? type.name } : { kind: 'class', name };
}
