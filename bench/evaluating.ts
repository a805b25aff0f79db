import { readJson } from '../src/types/json-reader.ts';
import type { Bench } from './bench.ts';

/** Microseconds for one order: bare `JSON.parse`, and JSON text in, checked rows out. */
export function evaluating({ plan, orders }: Bench): { readonly parse: number; readonly evaluate: number } {
  const order = plan.entities.find((entity) => entity.name === 'Order');
  const bodies = orders.slice(0, 10_000);
  const time = (work: (body: string) => unknown): number => {
    const started = performance.now();
    for (const body of bodies) work(body);
    return ((performance.now() - started) * 1000) / bodies.length;
  };
  const parse = (body: string): unknown => JSON.parse(body);
  const evaluate = (body: string): unknown =>
    order?.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
  for (const warm of [parse, evaluate, readJson, parse, evaluate]) time(warm);
  return { parse: time(parse), evaluate: time(evaluate) };
}
