import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const names = /\b(Customer|Line|Order|OrderLineItem|customers|orders|order_line_items)\b/g;

/** A program of at least so many lines: the TPC-H example again and again under other names. */
export function largeProgram(lines: number): string {
  const text = readFileSync(join(import.meta.dirname, '../examples/tpch.nom'), 'utf8');
  const from = text.indexOf('entity Customer');
  const part = text.slice(from, text.indexOf('test "'));
  let program = text.slice(0, from) + part;
  for (let copy = 2; program.split('\n').length < lines; copy += 1)
    program += part.replaceAll(names, (name) => `${name}_${copy}`);
  return program;
}
