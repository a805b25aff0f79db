import { count } from './count.ts';
import type { FunctionDefinition } from './function.ts';

/** Every function of the language by its name. */
export const functions: ReadonlyMap<string, FunctionDefinition> = new Map(
  [count].map((definition) => [definition.name, definition]),
);
