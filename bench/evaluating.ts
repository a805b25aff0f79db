import type { Bench, Outcome } from './bench.ts';
import { median } from './figures.ts';

export interface Message {
  readonly entity: string;
  readonly body: string;
}

/** Microseconds of processor, the collection of garbage included, for one message: bare `JSON.parse`, and JSON text in, checked rows out. */
export interface EvaluationTime {
  readonly parse: number;
  readonly evaluate: number;
}

const ORDERS = 10_000;

/** The orders that `general.ts` changes too. */
export function orderMessages({ orders }: Bench): readonly Message[] {
  return orders.slice(0, ORDERS).map((body) => ({ entity: 'Order', body }));
}

export function evaluating({ plan }: Pick<Bench, 'plan'>, messages: readonly Message[]): EvaluationTime {
  // As a role gets them, decoded from bytes: not the slices and joins that other texts are inside the engine.
  const work = messages.map(({ entity: name, body }) => {
    const entity = plan.entities.find((each) => each.name === name);
    if (entity === undefined) throw new Error(`the program has no ${name}`);
    return { entity, body: Buffer.from(body).toString() };
  });
  const time = (one: (each: (typeof work)[number]) => unknown): number => {
    const started = process.cpuUsage();
    for (const each of work) one(each);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / work.length;
  };
  const parse = ({ body }: (typeof work)[number]): unknown => JSON.parse(body);
  const evaluate = ({ entity, body }: (typeof work)[number]): unknown => {
    const evaluation = entity.evaluate({ body, headers: {}, messageId: '', receivedAt: 0 });
    if (evaluation.kind !== 'rows')
      throw new Error(`${entity.name}: ${JSON.stringify(evaluation.rejection)}`);
    return evaluation;
  };
  for (let pass = 0; pass < 4; pass += 1) for (const warm of [parse, evaluate]) time(warm);
  return { parse: time(parse), evaluate: time(evaluate) };
}

/** The median of as many measurements as the bench repeats. */
export function evaluationOutcome(
  { plan, repeats }: Pick<Bench, 'plan' | 'repeats'>,
  { what, messages, target }: { what: string; messages: readonly Message[]; target: number },
): Outcome {
  const found = Array.from({ length: repeats }, () => evaluating({ plan }, messages));
  const parse = median(found.map((each) => each.parse));
  const evaluate = median(found.map((each) => each.evaluate));
  return {
    figures: [
      { id: '', what: `JSON.parse of ${what}`, value: parse, unit: 'µs' },
      { id: '', what: `evaluating ${what}`, value: evaluate, unit: 'µs' },
    ],
    ratios: [{ what: `evaluate / JSON.parse, ${what}`, value: evaluate / parse, target, most: true }],
  };
}
