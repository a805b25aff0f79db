import type { Bench } from './bench.ts';

/** Microseconds for one order: bare `JSON.parse`, and JSON text in, checked rows out. */
export function evaluating({ plan, orders }: Bench): { readonly parse: number; readonly evaluate: number } {
  const order = plan.entities.find((entity) => entity.name === 'Order');
  // As a role gets them, decoded from bytes: not the slices and joins that other texts are inside the engine.
  const bodies = orders.slice(0, 10_000).map((body) => Buffer.from(body).toString());
  const time = (work: (body: string) => unknown): number => {
    const started = performance.now();
    for (const body of bodies) work(body);
    return ((performance.now() - started) * 1000) / bodies.length;
  };
  const parse = (body: string): unknown => JSON.parse(body);
  const evaluate = (body: string): unknown =>
    order?.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
  for (let pass = 0; pass < 4; pass += 1) for (const warm of [parse, evaluate]) time(warm);
  return { parse: time(parse), evaluate: time(evaluate) };
}
