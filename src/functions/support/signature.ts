import type { FunctionDefinition, Parameter } from '../function.ts';

/** As the reference and findings show it: `round(number: a number, scale?: int) -> decimal(…, scale)`. */
export function signatureOf(definition: FunctionDefinition): string {
  return `${definition.name}(${definition.parameters.map(parameterText).join(', ')}) -> ${definition.returns}`;
}

function parameterText({ name, takes, optional, repeated }: Parameter): string {
  return `${repeated ? '…' : ''}${name}${optional ? '?' : ''}: ${takes.name}`;
}

/** How many arguments a call has: `1`, `from 1 to 2`, `at least 2`. */
export function arityOf({ parameters }: FunctionDefinition): {
  readonly min: number;
  readonly max: number;
  readonly text: string;
} {
  const min = parameters.filter((parameter) => !parameter.optional).length;
  const max = parameters.at(-1)?.repeated ? Infinity : parameters.length;
  const text = min === max ? String(min) : max === Infinity ? `at least ${min}` : `from ${min} to ${max}`;
  return { min, max, text: min === 0 && max === 0 ? 'no' : text };
}
