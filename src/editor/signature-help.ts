import type { IToken } from 'chevrotain';
import {
  At,
  Comma,
  LeftCurly,
  LeftParen,
  LeftSquare,
  RightCurly,
  RightParen,
  RightSquare,
  word,
} from '../../grammar/tokens.ts';
import type { FunctionDefinition } from '../functions/function.ts';
import { functions } from '../functions/registry.ts';
import { signatureSchemes } from '../signatures/registry.ts';
import { spanText } from '../text/source.ts';
import { columnTypes } from '../types/registry.ts';
import { attributeDocs } from './attribute-docs.ts';
import { builtinAttributes, builtinFunctions, builtinTypes, parameterText } from './builtin.ts';
import type { Document } from './document.ts';
import { builtinSchemes } from './signature-names.ts';
import { wordsBefore } from './words-before.ts';

/** How the call is written that the cursor is in. */
export interface SignatureHelp {
  readonly label: string;
  /** Markdown. */
  readonly doc?: string;
  readonly parameters: readonly SignatureParameter[];
  /** The parameter that the cursor is in; past the last one where there are too many arguments. */
  readonly active: number;
}

export interface SignatureParameter {
  /** Where it stands in the label. */
  readonly start: number;
  readonly end: number;
  readonly doc?: string;
}

/** A name in front of a parenthesis, with what stands around it. */
interface Call {
  readonly name: string;
  readonly kind: 'function' | 'attribute' | 'scheme' | 'type';
  readonly argument: number;
}

interface Signature {
  readonly before: string;
  readonly parameters: readonly {
    readonly text: string;
    readonly doc?: string;
    readonly repeated?: boolean;
  }[];
  readonly after: string;
  readonly doc?: string | undefined;
}

/** The call of a function, an attribute, a signature scheme or a type that the cursor is in the parentheses of. */
export function signatureHelpAt(document: Document, offset: number): SignatureHelp | undefined {
  const words = wordsBefore(document, offset);
  const call = words === undefined ? undefined : callAt(words);
  const signature = call === undefined ? undefined : signatureOf(call, document);
  if (call === undefined || signature === undefined) return undefined;
  const parameters: SignatureParameter[] = [];
  let label = signature.before;
  for (const [at, { text, doc }] of signature.parameters.entries()) {
    if (at > 0) label += ', ';
    parameters.push({
      start: label.length,
      end: label.length + text.length,
      ...(doc === undefined ? {} : { doc }),
    });
    label += text;
  }
  const last = signature.parameters.length - 1;
  const active =
    signature.parameters[last]?.repeated === true ? Math.min(call.argument, last) : call.argument;
  const doc = signature.doc === undefined ? {} : { doc: signature.doc };
  return { label: label + signature.after, ...doc, parameters, active };
}

/** The innermost parenthesis that is open, with the name before it and the commas behind it. */
function callAt(words: readonly IToken[]): Call | undefined {
  let depth = 0;
  let argument = 0;
  for (let at = words.length - 1; at > 0; at -= 1) {
    const type = words[at]?.tokenType;
    if (type === RightParen || type === RightSquare || type === RightCurly) depth += 1;
    else if (type === LeftParen && depth === 0) return callOf(words, at, argument);
    else if (type === LeftSquare && depth === 0) argument = 0;
    // Of a `match` or of JSON: its braces are an argument themselves. Those of a body end the search.
    else if (type === LeftCurly && depth === 0) argument = 0;
    else if (type === LeftParen || type === LeftSquare || type === LeftCurly) depth -= 1;
    else if (type === Comma && depth === 0) argument += 1;
  }
  return undefined;
}

function callOf(words: readonly IToken[], open: number, argument: number): Call | undefined {
  const name = words[open - 1]?.image ?? '';
  const before = words[open - 2]?.tokenType;
  if (before === At) return { name, kind: 'attribute', argument };
  if (before === word.by && words[open - 3]?.tokenType === word.signed)
    return { name, kind: 'scheme', argument };
  return { name, kind: columnTypes.has(name) ? 'type' : 'function', argument };
}

function signatureOf({ name, kind }: Call, document: Document): Signature | undefined {
  switch (kind) {
    case 'attribute': {
      const argument = /\((.*)\)$/.exec(attributeDocs.find((each) => each.name === name)?.form ?? '')?.[1];
      if (argument === undefined) return undefined;
      const doc = builtinAttributes.get(name)?.doc;
      return { before: `@${name}(`, parameters: [{ text: argument }], after: ')', doc };
    }
    case 'scheme': {
      const scheme = signatureSchemes.get(name);
      if (scheme === undefined) return undefined;
      const options = scheme.parameters.map((each) => ({
        text: `${each.name}${each.required ? '' : '?'}`,
        doc: `${each.doc} Takes ${each.takes}.`,
      }));
      const secret = { text: 'SECRET', doc: 'A `secret` of the program.' };
      const doc = builtinSchemes.get(name)?.doc;
      return { before: `signed by ${name}(`, parameters: [secret, ...options], after: ')', doc };
    }
    case 'type': {
      const parameters = (columnTypes.get(name)?.parameters ?? []).map(({ name: text, min, max }) => ({
        text,
        doc: `From ${min} to ${max}.`,
      }));
      if (parameters.length === 0) return undefined;
      return { before: `${name}(`, parameters, after: ')', doc: builtinTypes.get(name)?.doc };
    }
    case 'function':
      return ownFunction(name, document) ?? languageFunction(name);
  }
}

function ownFunction(name: string, document: Document): Signature | undefined {
  const entry = document.declared().functions.get(name);
  if (entry === undefined) return undefined;
  const { parameters, result, doc } = entry.tree;
  return {
    before: `fn ${name}(`,
    parameters: parameters.map(({ name: each, type }) => ({ text: `${each.text}: ${spanText(type.span)}` })),
    after: `) -> ${spanText(result.span)}`,
    doc,
  };
}

function languageFunction(name: string): Signature | undefined {
  const symbol = builtinFunctions.get(name);
  const definition: FunctionDefinition | undefined = functions.get(name);
  if (symbol === undefined) return undefined;
  if (definition !== undefined)
    return {
      before: `fn ${name}(`,
      parameters: definition.parameters.map((each) => ({
        text: parameterText(each),
        repeated: each.repeated === true,
        ...(each.literal === true ? { doc: 'Must be written out.' } : {}),
      })),
      after: `) -> ${definition.returns}`,
      doc: symbol.doc,
    };
  // A special form: `try(value, fallback)`.
  const [, written = ''] = /\((.*)\)$/.exec(symbol.signature()) ?? [];
  const parameters = written === '' ? [] : written.split(', ').map((text) => ({ text }));
  return { before: `${name}(`, parameters, after: ')', doc: symbol.doc };
}
