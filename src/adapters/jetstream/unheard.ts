import type { JetStreamManager } from '@nats-io/jetstream';
import type { PublishOutcome } from '../../ports/queue.ts';
import { apiFailure } from './api-failure.ts';

/**
 * Why nobody listened on a subject to which a message was published: no stream captures it, or the one that does has no
 * leader now, as while a cluster has lost its quorum. Messages that meet it at once ask once. Never rejects.
 */
export function unheardSubjects(manager: JetStreamManager): (subject: string) => Promise<PublishOutcome> {
  const asked = new Map<string, Promise<PublishOutcome>>();
  return (subject) => {
    let answer = asked.get(subject);
    if (answer === undefined) {
      answer = whyUnheard(manager, subject).finally(() => asked.delete(subject));
      asked.set(subject, answer);
    }
    return answer;
  };
}

async function whyUnheard(manager: JetStreamManager, subject: string): Promise<PublishOutcome> {
  try {
    const [stream] = await manager.streams.names(subject).next();
    return stream === undefined
      ? { kind: 'misconfigured', reason: `no stream captures the subject ${subject}` }
      : { kind: 'unavailable', reason: `stream ${stream} has no leader` };
  } catch (error) {
    const { code, message } = apiFailure(error, `looking for the stream of ${subject}`);
    return { kind: code === 'QUEUE_MISCONFIGURED' ? 'misconfigured' : 'unavailable', reason: message };
  }
}
