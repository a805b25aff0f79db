import type { IToken } from 'chevrotain';
import { MissingExpression, word } from '../../../grammar/tokens.ts';
import type { SourceFile } from '../../text/source.ts';
import { cover } from '../../text/source.ts';
import { nameOf, tokenSpan } from '../lower/context.ts';
import type { Declaration } from '../tree.ts';
import { isName } from '../is-name.ts';

/**
 * What is left of a declaration that could not be read at all: its name, so that others may refer to it.
 * Nothing where it has none.
 */
export function salvage(file: SourceFile, tokens: readonly IToken[]): Declaration | undefined {
  const [keyword, second] = tokens;
  if (keyword?.tokenType === word.role && second === undefined) {
    const span = tokenSpan(file, keyword);
    return { kind: 'role', name: { text: '', span }, links: [], settings: [], span, broken: true };
  }
  if (keyword === undefined || !isName(second) || second.tokenType === MissingExpression) return undefined;
  const name = nameOf(file, second);
  const span = cover(tokenSpan(file, keyword), name.span);
  const common = { name, span, broken: true };
  switch (keyword.tokenType) {
    case word.pipeline:
      return { kind: 'pipeline', settings: [], ...common };
    case word.enum:
      return { kind: 'enum', members: [], ...common };
    case word.shape:
      return { kind: 'shape', members: [], ...common };
    case word.entity:
      return { kind: 'entity', attributes: [], members: [], ...common };
    case word.derive:
      return { kind: 'derive', sources: [], members: [], ...common };
    case word.lookup:
      return { kind: 'lookup', path: { value: '', span }, fields: [], keys: [], ...common };
    case word.fn: {
      const result = { kind: 'type', name, parameters: [], list: false, nullable: false, span } as const;
      return { kind: 'fn', parameters: [], result, body: { kind: 'missing', span }, ...common };
    }
    case word.stream:
      return { kind: 'stream', subjects: [], settings: [], ...common };
    case word.role:
      return { kind: 'role', links: [], settings: [], ...common };
    default:
      return undefined;
  }
}
