import { createInbox, type Msg } from '@nats-io/transport-node';
import type { Failure } from '../../ports/failure.ts';
import { nak } from './acknowledgement.ts';
import { forbiddenBy, forbiddenFailure } from './forbidden.ts';
import type { Link } from './link.ts';

export interface PullRequest {
  readonly batch: number;
  /** Milliseconds. */
  readonly expires: number;
  /** End as soon as the stream has no more, once there was a message; otherwise wait for a full batch. */
  readonly oneShot: boolean;
  readonly signal: AbortSignal;
}

export interface PullResult {
  readonly messages: readonly Msg[];
  readonly end:
    | { readonly kind: 'full' | 'aborted' }
    /** The server forbids what a pull needs, or what has to follow it: nothing comes. */
    | { readonly kind: 'forbidden'; readonly failure: Failure }
    /** The server did not end the request in time; a pull from a consumer that is gone has no answer at all. */
    | { readonly kind: 'silent' }
    /** The server ended the request; 404 and 408 mean that it had no more messages, or that the time was over. */
    | { readonly kind: 'status'; readonly code: number; readonly description: string }
    | { readonly kind: 'down'; readonly reason: string };
}

/** One pull after another over one subscription. */
export interface PullChannel {
  pull(request: PullRequest): Promise<PullResult>;
  /** False once a pull was left open at the server: the channel takes no further pull. */
  usable(): boolean;
  /** Ends the open pull, which is in vain. */
  forbid(failure: Failure): void;
  close(): void;
}

/** How much longer than the server we wait for the end of a request. */
const GRACE = 1_000;
/**
 * The same for a request that waits for more after its first messages: these are held meanwhile. nats-server 2.9.10 left out
 * the end of one in seven.
 */
const LINGER_GRACE = 30;

/*
 * A pull is open → ended: by a full batch, by a status of the server, by the caller's signal, or because the server
 * forbids it, is silent or away. Only the first two end it at the server too. After another end the channel closes: it takes its
 * interest back, at which the server forgets the pull, and what arrives before that goes back to the stream at once
 * instead of being missed until its ack wait is over. Messages arrive under their own subject, statuses under the
 * inbox of their pull.
 */
export function openPullChannel(link: Link, pullSubject: string): PullChannel {
  const { connection } = link;
  const inbox = `${createInbox()}.`;
  let serial = 0;
  let closed = false;
  let open:
    | { readonly inbox: string; readonly batch: number; messages: Msg[]; end(end: PullResult['end']): void }
    | undefined;

  const subscription = connection.subscribe(`${inbox}*`, {
    callback(error, message) {
      if (error !== null) {
        // The driver has forgotten the subscription.
        closed = true;
        stopListening();
        const forbidden = forbiddenBy(error);
        open?.end(
          forbidden === undefined
            ? { kind: 'down', reason: error.message }
            : { kind: 'forbidden', failure: forbiddenFailure('receiving messages', forbidden, error) },
        );
      } else if (!message.subject.startsWith(inbox)) {
        if (open === undefined) {
          message.respond(nak(1));
          return;
        }
        open.messages.push(message);
        if (open.messages.length >= open.batch) open.end({ kind: 'full' });
      } else if (message.subject === open?.inbox) {
        const code = message.headers?.code ?? 0;
        // 100 is a heartbeat.
        if (code >= 200) open.end({ kind: 'status', code, description: message.headers?.description ?? '' });
      }
    },
  });
  const close = () => {
    if (closed) return;
    closed = true;
    stopListening();
    // Drained, the subscription still hands over what is on its way; that needs a server to answer.
    if (link.isUp()) subscription.drain().catch(() => {});
    else subscription.unsubscribe();
  };
  const stopListening = link.onDown((reason) => open?.end({ kind: 'down', reason }));

  return {
    pull({ batch, expires, oneShot, signal }) {
      if (signal.aborted) return Promise.resolve({ messages: [], end: { kind: 'aborted' } });
      if (!link.isUp()) {
        return Promise.resolve({ messages: [], end: { kind: 'down', reason: 'no connection to NATS' } });
      }
      return new Promise((resolve) => {
        serial += 1;
        const messages: Msg[] = [];
        const end = (reason: PullResult['end']) => {
          open = undefined;
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          resolve({ messages, end: reason });
          if (reason.kind !== 'full' && reason.kind !== 'status') close();
        };
        const abort = () => end({ kind: 'aborted' });
        const grace = oneShot ? GRACE : LINGER_GRACE;
        const timer = setTimeout(() => end({ kind: 'silent' }), expires + grace);
        signal.addEventListener('abort', abort, { once: true });
        open = { inbox: inbox + serial, batch, messages, end };
        const request = { batch, expires: Math.max(1, Math.round(expires)) * 1_000_000, no_wait: oneShot };
        connection.publish(pullSubject, JSON.stringify(request), { reply: open.inbox });
      });
    },
    usable: () => !closed,
    forbid: (failure) => open?.end({ kind: 'forbidden', failure }),
    close() {
      open?.end({ kind: 'aborted' });
      close();
    },
  };
}
