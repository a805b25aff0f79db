import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, type Content, type Send } from './workload.ts';

/** A message that was answered with 202. */
export interface Accepted {
  readonly messageId: string;
  readonly content: Content;
  readonly body: string;
}

export interface SendingFacts {
  /** Requests, repeats included. */
  requests: number;
  /** Requests under a key that was accepted before. */
  repeats: number;
  /** 503 answers by their code. */
  readonly refused: Map<string, number>;
  /** Requests that ended without an answer. */
  unanswered: number;
  /** What no client may ever see. */
  readonly wrong: string[];
}

export interface Sending {
  /** By message id. */
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly facts: SendingFacts;
  /** Resolves when all is accepted. */
  readonly done: Promise<void>;
  /** Lets go of what is not sent yet. */
  abandon(): void;
}

/** Requests in flight at once. */
const CLIENTS = 48;
const ANSWER_WITHIN = 8_000;
/** Milliseconds before the same request is made again, of some other process where there is one. */
const REPEAT = { from: 150, to: 500 };

/** Sends all of it, each no earlier than it is due, and repeats each under the same key until it is accepted. */
export function startSending(sends: readonly Send[], urls: readonly string[]): Sending {
  const accepted = new Map<string, Accepted>();
  const idOfKey = new Map<string, string>();
  const facts: SendingFacts = { requests: 0, repeats: 0, refused: new Map(), unanswered: 0, wrong: [] };
  const startedAt = performance.now();
  const queue = withRepeats(sends);
  let next = 0;
  let turn = 0;
  let abandoned = false;

  const attempt = async (send: Send, url: string): Promise<boolean> => {
    facts.requests += 1;
    const entity = send.contents[0]?.entity ?? '';
    const bodies = send.contents.map(bodyOf);
    const isBatch = bodies.length > 1;
    let status: number;
    let answer: Answer;
    try {
      const response = await fetch(`${url}/ingest/${entity}${isBatch ? '/batch' : ''}`, {
        method: 'POST',
        headers: {
          'content-type': isBatch ? 'application/x-ndjson' : 'application/json',
          'idempotency-key': send.key,
        },
        body: bodies.join('\n'),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      status = response.status;
      answer = (await response.json()) as Answer;
    } catch {
      facts.unanswered += 1;
      return false;
    }
    if (status === 503) {
      const code = answer.code ?? 'none';
      facts.refused.set(code, (facts.refused.get(code) ?? 0) + 1);
      return false;
    }
    const ids = isBatch ? answer.message_ids : [answer.message_id];
    if (status !== 202 || ids?.length !== bodies.length) {
      facts.wrong.push(`${send.key} was answered with ${status} ${JSON.stringify(answer).slice(0, 300)}`);
      return true;
    }
    for (const [at, content] of send.contents.entries()) {
      note(`${send.key} ${at}`, ids[at] ?? '', content, bodies[at] ?? '');
    }
    return true;
  };

  const note = (key: string, messageId: string, content: Content, body: string): void => {
    const known = idOfKey.get(key);
    if (known === undefined) idOfKey.set(key, messageId);
    else if (known !== messageId) facts.wrong.push(`${key} became ${known} and then ${messageId}`);
    else facts.repeats += 1;
    accepted.set(messageId, { messageId, content, body });
  };

  const client = async (): Promise<void> => {
    while (!abandoned) {
      const send = queue[next];
      next += 1;
      if (send === undefined) return;
      const wait = send.due - (performance.now() - startedAt);
      if (wait > 0) await sleep(wait);
      for (turn += 1; !abandoned && !(await attempt(send, urls[turn % urls.length] ?? '')); turn += 1) {
        await sleep(REPEAT.from + Math.random() * (REPEAT.to - REPEAT.from));
      }
    }
  };
  const done = Promise.all(Array.from({ length: CLIENTS }, client)).then(() => {});
  return {
    accepted,
    facts,
    done,
    abandon() {
      abandoned = true;
    },
  };
}

interface Answer {
  readonly code?: string;
  readonly message_id?: string;
  readonly message_ids?: readonly string[];
}

function withRepeats(sends: readonly Send[]): readonly Send[] {
  const repeats = sends.flatMap((send) =>
    send.again === undefined ? [] : [{ ...send, due: send.due + send.again, again: undefined }],
  );
  return [...sends, ...repeats].toSorted((left, right) => left.due - right.due);
}
