import type { Program, RecordModel } from '../model/program.ts';
import type { Type } from '../model/type.ts';
import { evaluateMessage } from '../plan/evaluate-message.ts';
import type { EntityPlan, MessageLimits, Plan } from '../plan/plan.ts';

/** A first message that is accepted: that of a `test` in the file where there is one, else made of the types. */
export function sampleMessage(
  program: Program,
  entity: RecordModel,
  { limits }: Plan,
  plan: EntityPlan,
): string | undefined {
  const written = program.tests
    .flatMap((test) => test.tree.steps)
    .flatMap((step) =>
      step.kind === 'given' && step.entity.text === entity.name && step.input.kind === 'json'
        ? [step.input.text]
        : [],
    )
    .map(compact);
  const made = JSON.stringify(objectOf(entity, 0));
  return [...written, made].find((body) => isAccepted(body, limits, plan));
}

function compact(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

function isAccepted(text: string, limits: MessageLimits, plan: EntityPlan): boolean {
  const body = Buffer.from(text);
  const input = { body, headers: {}, messageId: '00000000-0000-7000-8000-000000000000', receivedAt: 0 };
  return evaluateMessage(limits, plan, input).kind === 'rows';
}

/** Deeper objects are left out, so that a shape that contains itself ends. */
const MAX_DEPTH = 4;

function objectOf(record: RecordModel, depth: number): Record<string, unknown> {
  // Without a prototype: a key may be called `constructor`.
  const object = Object.create(null) as Record<string, unknown>;
  for (const field of record.fields) {
    if (field.origin.kind !== 'json' || field.origin.path.length === 0) continue;
    if (field.type.nullable && depth > 0) continue;
    put(object, field.origin.path, valueOf(field.type.type, depth));
  }
  return object;
}

function put(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length === 0) {
    object[key] = value;
    return;
  }
  const inner = (object[key] ??= Object.create(null)) as Record<string, unknown>;
  put(inner, rest, value);
}

function valueOf(type: Type, depth: number): unknown {
  switch (type.kind) {
    case 'scalar': {
      const { accepted } = type.column.examples;
      const fitting = accepted.find((each) =>
        fits(type.column.decoder(type.parameters)(JSON.parse(each.json))),
      );
      return fitting === undefined ? null : JSON.parse(fitting.json);
    }
    case 'enum':
      return type.of.members[0]?.value;
    case 'record':
      return depth >= MAX_DEPTH ? null : objectOf(type.of as RecordModel, depth + 1);
    case 'list':
      return depth >= MAX_DEPTH ? [] : [valueOf(type.element, depth + 1)];
    case 'null':
    case 'unknown':
      return null;
  }
}

function fits(result: unknown): boolean {
  return !(typeof result === 'object' && result !== null && 'kind' in result);
}
