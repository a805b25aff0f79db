import {
  Colon,
  LeftCurly,
  LeftSquare,
  RightCurly,
  RightSquare,
  TextLiteral,
  tokenize,
} from '../../grammar/tokens.ts';
import type { JsonTree } from '../syntax/tree.ts';
import type { NamePlaces } from './expression-names.ts';
import { OTHER, type Known } from './symbol.ts';

/**
 * The keys of JSON in a test that stand for fields: in a message those that a field reads by its own name, in a row
 * the columns. A key that `@json` names is the sender's word, no name of the program.
 */
export function jsonKeys(json: JsonTree, record: string, what: 'message' | 'row', places: NamePlaces): void {
  const { file, start, end } = json.span;
  const { tokens } = tokenize(file.text.slice(start, end));
  const open: Known[] = [];
  let next: Known = { kind: 'record', name: record };
  tokens.forEach((token, at) => {
    switch (token.tokenType) {
      case LeftCurly:
      case LeftSquare:
        open.push(next);
        break;
      case RightCurly:
      case RightSquare:
        next = open.pop() ?? OTHER;
        break;
      case TextLiteral: {
        if (tokens[at + 1]?.tokenType !== Colon) break;
        const owner = elementType(open.at(-1));
        const name = token.image.slice(1, -1);
        next = OTHER;
        if (owner.kind !== 'record' || !readsByName(owner.name, name, what, places)) break;
        const from = start + token.startOffset + 1;
        const span = { file, start: from, end: from + name.length };
        places.put({ text: name, span }, places.declared.fieldsOf(owner.name).get(name), what);
        next = elementType(places.declared.fieldType(owner.name, name));
        break;
      }
      default:
    }
  });
}

function elementType(type: Known | undefined): Known {
  return type?.kind === 'list' ? type.element : (type ?? OTHER);
}

function readsByName(
  record: string,
  name: string,
  what: 'message' | 'row',
  { declared }: NamePlaces,
): boolean {
  if (what === 'row') return true;
  const field = declared.records.get(record)?.model?.fields.find((each) => each.name === name);
  const renamed = field?.tree?.attributes.some((attribute) => attribute.name.text === 'json');
  return field?.origin.kind === 'json' && renamed !== true;
}
