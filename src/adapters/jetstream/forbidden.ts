import { errors } from '@nats-io/transport-node';
import { Failure } from '../../ports/failure.ts';
import { parseReply } from './acknowledgement.ts';
import { isSessionName } from './session-names.ts';

/** What the server does not let this user do. */
export interface Forbidden {
  readonly operation: 'publish' | 'subscribe';
  readonly subject: string;
}

/**
 * What an error says is forbidden; undefined where it says something else. The driver wraps the server's words where they end
 * a request.
 */
export function forbiddenBy(error: unknown): Forbidden | undefined {
  if (error instanceof errors.PermissionViolationError) {
    const { operation, subject } = error;
    return { operation: operation === 'publish' ? 'publish' : 'subscribe', subject };
  }
  return error instanceof Error ? forbiddenBy(error.cause) : undefined;
}

/** A right that is missing, as somebody who grants it writes it. */
export function missingRight({ operation, subject }: Forbidden): string {
  return `this user may not ${operation === 'publish' ? 'publish' : 'subscribe to'} ${JSON.stringify(granted(subject))}`;
}

/** `what`: the operation that needs it. */
export function forbiddenFailure(what: string, forbidden: Forbidden, cause?: unknown): Failure {
  return new Failure(
    'QUEUE_MISCONFIGURED',
    `${what}: ${missingRight(forbidden)}: \`nomnom explain FILE --permissions\` lists what it needs`,
    // Whoever may not hear answers cannot publish either: that is more than one request.
    { cause, help: GRANT, forbidden: forbidden.operation === 'publish' },
  );
}

const GRANT =
  'Grant it and let nats-server read its configuration again, unless another user runs the role that needs it: see docs/privileges.md.';

/** An inbox is drawn for each process, a consumer of a partition for each holder, and an acknowledgement names its message: nobody grants these one by one. */
function granted(subject: string): string {
  if (subject.startsWith('_INBOX.')) return '_INBOX.>';
  if (subject.startsWith('$JS.API.CONSUMER.MSG.NEXT.')) {
    const name = subject.slice(subject.lastIndexOf('.') + 1);
    return isSessionName(name) ? `${subject.slice(0, -name.length)}*` : subject;
  }
  if (!subject.startsWith('$JS.ACK.')) return subject;
  const { stream, consumer } = parseReply(subject);
  const before = subject.slice(0, subject.indexOf(`.${stream}.${consumer}.`));
  return isSessionName(consumer) ? `${before}.${stream}.>` : `${before}.${stream}.${consumer}.>`;
}
