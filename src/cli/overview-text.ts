import type { Overview } from '../roles/overview/overview.ts';
import { tableText } from './dlq/table.ts';
import { visible } from '../text/visible.ts';

/** A pipeline at a glance, for people. */
export function overviewText({ pipeline, at, queue, deadLetters, lost, roles }: Overview): string {
  return [
    `${pipeline} at ${new Date(at).toISOString()}\n`,
    section('queue', queueText(queue, at)),
    section(
      'dead letters',
      deadLetters.length === 0
        ? 'none\n'
        : tableText(
            ['entity', 'code', 'count', 'last'],
            deadLetters.map(({ entity, code, count, lastAt }) => [entity, code, String(count), lastAt]),
          ),
    ),
    section('lost messages', lostText(lost)),
    section(
      'roles',
      `${tableText(
        ['role', 'running', 'program', 'seen'],
        roles.map(({ role, processes, program }) => [
          role,
          String(processes),
          program === undefined ? '-' : `${program.fingerprint} (${program.standing})`,
          program === undefined ? '-' : `${duration(program.silentFor)} ago`,
        ]),
      )}${waitsText(roles)}`,
    ),
  ].join('\n');
}

function section(title: string, text: string): string {
  return `${title}\n${text.replaceAll(/^(?=.)/gm, '  ')}`;
}

function queueText(queue: Overview['queue'], at: number): string {
  if (queue.kind === 'unknown') return `unknown: ${visible(queue.reason)}\n`;
  const rows = queue.streams.flatMap(({ stream, consumers, orphans }) => [
    ...consumers.map(({ consumer, messages, oldestAt }) => [
      stream,
      consumer,
      String(messages),
      oldestAt === undefined ? '-' : duration(at - oldestAt),
    ]),
    ...(orphans === 0 ? [] : [[stream, '(no consumer)', String(orphans), '-']]),
  ]);
  return rows.length === 0 ? 'empty\n' : tableText(['stream', 'consumer', 'waiting', 'oldest'], rows);
}

function lostText(lost: Overview['lost']): string {
  if (lost.kind === 'unknown') return `unknown: ${visible(lost.reason)}\n`;
  if (lost.entities.length === 0) return 'none\n';
  const rows = lost.entities.map(({ entity, count, lastAt }) => [entity, String(count), lastAt]);
  return `${tableText(['entity', 'count', 'found'], rows)}send them again under their Idempotency-Key: docs/repair.md\n`;
}

function waitsText(roles: Overview['roles']): string {
  return roles
    .flatMap(({ role, program }) =>
      (program?.waits ?? []).map((reason) => `${role} waits: ${visible(reason)}\n`),
    )
    .join('');
}

/** `3 s`, `12 min`, `5 h`, `2 d`: the largest unit of which there are at least two, but for a few seconds. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The same as plain data, for scripts. */
export function overviewJson({ pipeline, at, queue, deadLetters, lost, roles }: Overview): object {
  return {
    pipeline,
    at: new Date(at).toISOString(),
    queue:
      queue.kind === 'unknown'
        ? { error: queue.reason }
        : {
            streams: queue.streams.map(({ stream, consumers, orphans }) => ({
              stream,
              consumers: consumers.map(({ consumer, messages, oldestAt }) => ({
                consumer,
                messages,
                oldest_age_seconds: oldestAt === undefined ? null : Math.max(0, at - oldestAt) / 1000,
              })),
              orphans,
            })),
          },
    dead_letters: deadLetters.map(({ entity, code, count, lastAt }) => ({
      entity,
      code,
      count,
      last_at: lastAt,
    })),
    lost:
      lost.kind === 'unknown'
        ? { error: lost.reason }
        : {
            entities: lost.entities.map(({ entity, count, lastAt }) => ({ entity, count, last_at: lastAt })),
          },
    roles: roles.map(({ role, processes, program }) => ({
      role,
      processes,
      program: program?.fingerprint ?? null,
      standing: program?.standing ?? null,
      seen_seconds_ago: program === undefined ? null : program.silentFor / 1000,
      waits: program?.waits ?? [],
    })),
  };
}
