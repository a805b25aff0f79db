import { setTimeout as sleep } from 'node:timers/promises';
import { bodyOf, type Content, type Send } from './content.ts';
import type { Workload } from './workload.ts';

/** A message that was answered with 202. */
export interface Accepted {
  readonly messageId: string;
  /** The Idempotency-Key of its request. */
  readonly key: string;
  readonly content: Content;
  readonly body: string;
  /** Milliseconds since the epoch of the first 202. */
  readonly at: number;
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
  /** Requests under a key that was accepted for another body: refused, or taken for the message that has the key. */
  readonly reused: { refused: number; taken: number };
  /** Keys of claims whose other body may have been published, because not every answer to it was a refusal. */
  readonly doubtful: Set<number>;
  /** Memos that the second program refused, which the first would have taken. */
  readonly outdated: {
    refused: number;
    /** Their keys, where an earlier request without a clear answer may have brought them in. */
    readonly doubtful: Set<number>;
    /** The ids of those that the first program took, that were lost, and that nobody can send again. */
    readonly lost: Set<string>;
  };
  /** What no client may ever see. */
  readonly wrong: string[];
}

export interface Sending {
  /** By message id. */
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly facts: SendingFacts;
  /** Messages that are still to be accepted. */
  left(): number;
  /** Resolves when all is accepted. */
  readonly done: Promise<void>;
  /** Lets go of what is not sent yet. */
  abandon(): void;
  /** Makes the request of an accepted message once more; gives whether it was accepted again. */
  sendAgain(messageId: string): Promise<boolean>;
  /** Uses every key of a claim once more for another body. */
  reuse(): Promise<void>;
}

/** Requests in flight at once. */
const CLIENTS = 48;
const ANSWER_WITHIN = 8_000;
/** Milliseconds before the same request is made again, of some other process where there is one. */
const REPEAT = { from: 150, to: 500 };

/** Sends all of it, each no earlier than it is due, and repeats each under the same key until it is accepted. */
export function startSending({ sends, chains }: Workload, urls: readonly string[]): Sending {
  const accepted = new Map<string, Accepted>();
  const idOfKey = new Map<string, string>();
  const sendOfKey = new Map<string, Send>();
  const facts: SendingFacts = {
    requests: 0,
    repeats: 0,
    refused: new Map(),
    unanswered: 0,
    reused: { refused: 0, taken: 0 },
    doubtful: new Set(),
    outdated: { refused: 0, doubtful: new Set(), lost: new Set() },
    wrong: [],
  };
  const all = [...sends, ...chains.flat()].reduce((count, { contents }) => count + contents.length, 0);
  const startedAt = performance.now();
  const queue = withRepeats(sends);
  let next = 0;
  let turn = 0;
  let abandoned = false;

  /** Undefined where there was no answer, or one that says to ask again. */
  const post = async (
    key: string,
    contents: readonly Content[],
    url: string,
  ): Promise<Answered | undefined> => {
    facts.requests += 1;
    const bodies = contents.map(bodyOf);
    const isBatch = bodies.length > 1;
    let status: number;
    let answer: Answer;
    try {
      const response = await fetch(`${url}/ingest/${contents[0]?.entity ?? ''}${isBatch ? '/batch' : ''}`, {
        method: 'POST',
        headers: {
          'content-type': isBatch ? 'application/x-ndjson' : 'application/json',
          'idempotency-key': key,
        },
        body: bodies.join('\n'),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      status = response.status;
      answer = (await response.json()) as Answer;
    } catch {
      facts.unanswered += 1;
      return undefined;
    }
    // A process that was frozen finds the requests of that time late: sent again, as after any answer that did not come.
    if (status === 503 || status === 408) {
      const code = answer.code ?? 'none';
      facts.refused.set(code, (facts.refused.get(code) ?? 0) + 1);
      return undefined;
    }
    const ids = isBatch ? answer.message_ids : [answer.message_id ?? ''];
    return { status, answer, ids: status === 202 ? (ids ?? []) : [] };
  };

  const ask = async (
    send: Send,
    url: string,
    isFirst: boolean,
  ): Promise<'accepted' | 'outdated' | 'again'> => {
    const { key, contents } = send;
    const answered = await post(key, contents, url);
    if (answered === undefined || isTooNew(contents, answered)) return 'again';
    if (isOutdated(contents, answered)) {
      facts.outdated.refused += 1;
      if (!isFirst) facts.outdated.doubtful.add(contents[0]?.key ?? 0);
      return 'outdated';
    }
    sendOfKey.set(key, send);
    if (answered.ids.length !== contents.length)
      facts.wrong.push(`${key} was answered with ${textOf(answered)}`);
    else for (const [at, content] of contents.entries()) note(key, at, answered.ids[at] ?? '', content);
    return 'accepted';
  };

  /** The key was accepted for another body: this one may only be refused, or taken for the message that has the key. */
  const isSettled = async (key: string, content: Content, url: string): Promise<boolean> => {
    const answered = await post(key, [content], url);
    const refused = answered?.status === 422 && answered.answer.code === 'idempotency_key_reused';
    if (!refused) facts.doubtful.add(content.key);
    if (answered === undefined) return false;
    const [id] = answered.ids;
    if (refused) facts.reused.refused += 1;
    else if (id !== undefined && id === idOfKey.get(`${key} 0`)) facts.reused.taken += 1;
    else facts.wrong.push(`${key}, used for another body, was answered with ${textOf(answered)}`);
    return true;
  };

  const note = (key: string, at: number, messageId: string, content: Content): void => {
    const place = `${key} ${at}`;
    const known = idOfKey.get(place);
    if (known === undefined) idOfKey.set(place, messageId);
    else if (known !== messageId) facts.wrong.push(`${place} became ${known} and then ${messageId}`);
    else facts.repeats += 1;
    const acceptedAt = accepted.get(messageId)?.at ?? Date.now();
    accepted.set(messageId, { messageId, key, content, body: bodyOf(content), at: acceptedAt });
  };

  const untilDone = async (isDone: (url: string, isFirst: boolean) => Promise<boolean>): Promise<void> => {
    let isFirst = true;
    for (turn += 1; !abandoned && !(await isDone(urls[turn % urls.length] ?? '', isFirst)); turn += 1) {
      isFirst = false;
      await sleep(REPEAT.from + Math.random() * (REPEAT.to - REPEAT.from));
    }
  };

  const useOnceMore = async ({ key, other }: Send): Promise<void> => {
    if (other === undefined) return;
    await sleep(other.after);
    await untilDone((url) => isSettled(key, other.content, url));
  };

  const sendOne = async (send: Send): Promise<void> => {
    const wait = send.due - (performance.now() - startedAt);
    if (wait > 0) await sleep(wait);
    await untilDone(async (url, isFirst) => (await ask(send, url, isFirst)) !== 'again');
  };
  const further: Promise<void>[] = [];
  const client = async (): Promise<void> => {
    while (!abandoned) {
      const send = queue[next];
      next += 1;
      if (send === undefined) return;
      await sendOne(send);
      further.push(useOnceMore(send));
    }
  };
  const follow = async (chain: readonly Send[]): Promise<void> => {
    for (const send of chain) if (!abandoned) await sendOne(send);
  };
  const clients = Array.from({ length: CLIENTS }, client);
  const done = Promise.all([...clients, ...chains.map(follow)]).then(() => {});
  return {
    accepted,
    facts,
    done,
    left: () => all - accepted.size,
    abandon() {
      abandoned = true;
    },
    async sendAgain(messageId) {
      const send = sendOfKey.get(accepted.get(messageId)?.key ?? '');
      turn += 1;
      if (send === undefined) return false;
      const outcome = await ask(send, urls[turn % urls.length] ?? '', false);
      if (outcome === 'outdated') facts.outdated.lost.add(messageId);
      return outcome === 'accepted';
    },
    async reuse() {
      await done;
      await Promise.all(further);
      for (const { key, other } of sends) {
        if (other !== undefined) await untilDone((url) => isSettled(key, other.content, url));
      }
    },
  };
}

/** Only the first program is asked for its extras in vain: the next one knows them. */
function isTooNew([content]: readonly Content[], { status, answer }: Answered): boolean {
  return content?.entity === 'Extra' && status === 404 && answer.code === 'unknown_entity';
}

/** Only the second program refuses these. */
function isOutdated([content]: readonly Content[], { status }: Answered): boolean {
  return content?.entity === 'Memo' && content.isMisfit && status === 422;
}

interface Answered {
  readonly status: number;
  readonly answer: Answer;
  /** Of a 202. */
  readonly ids: readonly string[];
}

function textOf({ status, answer }: Answered): string {
  return `${status} ${JSON.stringify(answer).slice(0, 300)}`;
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
