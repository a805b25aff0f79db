import type { Log } from '../../ports/log.ts';
import type { ErrorRef, MessageRef, Telemetry } from '../../ports/telemetry.ts';
import { countedLines } from './counted-lines.ts';
import { counted, NO_COUNTS, sumOf } from './counts.ts';

/** Writes events to the log, one line each; what happens to every message only at the level `debug`. */
export function logTelemetry(log: Log): Telemetry {
  let counts = NO_COUNTS;
  // While the queue refuses, every message is refused.
  const notAccepted = countedLines((code, refused) => log.warn({ code, refused }, 'not accepted'));
  return {
    record(event) {
      counts = counted(counts, event);
      switch (event.kind) {
        case 'accepted':
          return log.debug({ entity: event.entity, message_id: event.messageId }, 'accepted');
        case 'batch-accepted':
          return log.info(
            { entity: event.entity, accepted: event.accepted, rejected: sumOf(event.refusals) },
            'accepted a batch',
          );
        case 'refused': {
          const { entity, status, code, field } = event;
          // Codes and declared names only: messages and pointers may quote a body.
          if (status === 503) return notAccepted(code);
          return log.debug({ entity, code, field }, 'refused');
        }
        case 'turned-away': {
          // Also where the process is under pressure: a line for each would be part of the pressure.
          const { entity, status, code } = event;
          return log.debug({ entity, status, code }, 'turned away');
        }
        case 'retried':
          return log.info(
            {
              ...idsOf(event.message),
              ...placeOf(event.error),
              attempts: event.attempts,
              delay: event.delay,
            },
            'message will be tried again',
          );
        case 'dead-lettered':
          return log.warn(
            { ...idsOf(event.message), ...placeOf(event.error) },
            'message became a dead letter',
          );
        case 'halted':
          return log.error(
            { ...idsOf(event.message), ...placeOf(event.error) },
            'halting: this message failed permanently and stays in the queue',
          );
        case 'paused': {
          const { code, reason, sqlstate } = event;
          if (event.needsChange) {
            return log.error({ code, reason, sqlstate }, 'paused: the configuration must change');
          }
          return log.warn({ code, reason, sqlstate }, 'paused: waits for Postgres or the queue');
        }
        case 'resumed':
          return log.info({ paused_ms: event.pausedMs }, 'resumed');
        case 'not-ready':
          return log.warn({ reasons: event.reasons }, 'paused: a server does not do what the role needs');
        case 'ready-again':
          return log.info({ paused_ms: event.pausedMs }, 'resumed: the servers do what the role needs');
        case 'worker-started':
          return log.info({ lanes: event.lanes }, 'worker started');
        case 'worker-stopped':
          return log.info({ ...counts }, 'worker stopped');
        case 'worked':
          return log.debug({ messages: event.messages.length, ms: event.ms }, 'batch done');
        case 'delivered':
        case 'committed':
        case 'superseded':
        case 'settled-before':
        case 'unpublished':
          return;
      }
    },
  };
}

function idsOf({ messageId, entity }: MessageRef): { message_id: string; entity: string } {
  return { message_id: messageId, entity };
}

function placeOf({ code, field, constraint }: ErrorRef): Readonly<Record<string, string>> {
  return { code, field, ...(constraint === undefined ? {} : { constraint }) };
}
