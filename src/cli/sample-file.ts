import { basename, dirname, join } from 'node:path';
import type { Program, RecordModel } from '../model/program.ts';
import { evaluateMessage } from '../plan/evaluate-message.ts';
import type { EntityPlan, Plan } from '../plan/plan.ts';
import type { ReadMessage } from './program-file.ts';

/** A file that is a whole message, and the headers to send it with. */
export interface SampleFile {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** For an entity that takes the raw body: a file that a `test` gives it and that is accepted with its name as header. */
export function sampleFile(
  program: Program,
  entity: RecordModel,
  { limits }: Plan,
  plan: EntityPlan,
  readMessage: ReadMessage,
): SampleFile | undefined {
  for (const step of program.tests.flatMap((test) => test.tree.steps)) {
    if (step.kind !== 'given' || step.entity.text !== entity.name || step.input.kind === 'json') continue;
    const { value, span } = step.input.path;
    const path = join(dirname(span.file.name), value);
    const body = readMessage(path);
    const headers = plan.headers.includes('x-filename') ? { 'x-filename': basename(path) } : {};
    const messageId = '00000000-0000-7000-8000-000000000000';
    if ('problem' in body) continue;
    if (evaluateMessage(limits, plan, { body, headers, messageId, receivedAt: 0 }).kind === 'rows')
      return { path, headers };
  }
  return undefined;
}
