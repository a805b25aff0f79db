import type { IToken } from 'chevrotain';
import { tokenMatcher } from '../../grammar/chevrotain.ts';
import * as t from '../../grammar/tokens.ts';

/** Whether a token can be a name: also a word that means something elsewhere. */
export function isName(token: IToken | undefined): token is IToken {
  return token !== undefined && tokenMatcher(token, t.Identifier);
}
