import type { CodeDescription } from '../diagnostics/diagnostic.ts';
import * as expressions from './codes/expressions.ts';
import * as structure from './codes/structure.ts';
import * as words from './codes/words.ts';

/** Every code of the syntax family, 0xx, in order. */
export const syntaxCodes: readonly CodeDescription[] = [
  ...Object.values<CodeDescription>(words),
  ...Object.values<CodeDescription>(structure),
  ...Object.values<CodeDescription>(expressions),
].sort((left, right) => Number(left.code.slice(3)) - Number(right.code.slice(3)));
