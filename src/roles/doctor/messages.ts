import type { Plan } from '../../plan/plan.ts';
import { Failure } from '../../ports/failure.ts';
import type { Store } from '../../ports/store.ts';
import { type Diagnosis, fail, ok, warn } from './diagnosis.ts';

const DAY = 86_400_000;

/** What became of messages, how long that is kept, and who works on them. Nomnom's own tables have to be there. */
export async function diagnoseMessages({ ledger }: Store, plan: Plan): Promise<readonly Diagnosis[]> {
  const dead = await ledger.deadLetters.count({ pipeline: plan.pipeline }).catch(ifForbidden);
  const running = await ledger.processes.live(plan.pipeline);
  const found: Diagnosis[] = [
    dead === undefined
      ? ok('messages', 'this user may not count dead letters, and an ingest role does not')
      : dead === 0
        ? ok('messages', 'there are no dead letters')
        : warn('messages', `dead letters: ${dead}`, `nomnom dlq list ${plan.file}`),
  ];
  found.push(await lostOf(ledger, plan));
  for (const { name, consumes, settings } of plan.roles) {
    if (consumes.length === 0) continue;
    const keeps = `statuses for ${days(settings.keepStatuses)}, dead letters for ${days(settings.keepDeadLetters)}`;
    found.push(
      running.some(({ role }) => role === name)
        ? ok('retention', `role ${name} keeps ${keeps}`)
        : warn(
            'retention',
            `role ${name} would keep ${keeps}, and does not run`,
            `nomnom run ${plan.file} --role=${name}`,
          ),
    );
  }
  for (const { role, program, count, waits } of running) {
    const told = `role ${role}: ${count} running`;
    found.push(
      program === plan.program
        ? ok('processes', told)
        : warn('processes', `${told} with another version of the file`, 'See docs/upgrade.md.'),
    );
    for (const reason of waits)
      found.push(
        warn(
          'processes',
          `role ${role} waits: ${reason}`,
          'Put that right; the role then goes on by itself. If it is about one message, the log of the role names it.',
        ),
      );
  }
  return found;
}

async function lostOf({ lost }: Store['ledger'], { pipeline, file }: Plan): Promise<Diagnosis> {
  const entities = await lost.byEntity(pipeline).catch(ifForbidden);
  if (entities === undefined)
    return ok('messages', 'this user may not count lost messages, and a worker does not');
  if (entities.length === 0) return ok('messages', 'no message is lost');
  const told = entities.map(({ entity, count }) => `${entity} ${count}`).join(', ');
  return fail(
    'messages',
    `messages that were accepted and are no longer in the queue: ${told}`,
    `Find out what emptied the queue, and let their senders send them again under their Idempotency-Key: see docs/repair.md and nomnom status ${file}.`,
  );
}

function ifForbidden(error: unknown): undefined {
  if (!(error instanceof Failure) || !error.forbidden) throw error;
}

function days(milliseconds: number): string {
  return `${Number((milliseconds / DAY).toPrecision(3))} days`;
}
