import { fault } from './exit.ts';
import { keyWanted } from './key-wanted.ts';
import { noAnswer, type NoAnswer } from './no-answer.ts';
import type { Headers } from './headers.ts';
import type { Chunk } from './ndjson-file.ts';

/** A message that the ingest role refused. */
export interface RefusedLine {
  /** 1-based, in the file. */
  readonly line: number;
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  /** All that is wrong with it, this first fault too, where the role tells more than one. */
  readonly faults?: readonly LineFault[];
}

export type LineFault = Pick<RefusedLine, 'code' | 'pointer' | 'message'>;

/** The list of faults of an answer. */
export function faultsIn(faults: unknown): Pick<RefusedLine, 'faults'> {
  if (!Array.isArray(faults)) return {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    faults: (faults as readonly Record<string, unknown>[]).map((each) => ({
      ...{ code: text(each['code']), pointer: text(each['pointer']), message: text(each['message']) },
    })),
  };
}

export interface Sent {
  readonly accepted: number;
  readonly refusedCount: number;
  /** All of them, or the first ones of a batch that is larger than what an answer lists. */
  readonly refused: readonly RefusedLine[];
}

export interface SendOptions {
  /** `http://127.0.0.1:8080/ingest/Order/batch` */
  readonly url: string;
  /** The same for every try, so that a repeat after a lost answer has no second effect. */
  readonly key: string;
  /** Besides those that a batch needs. */
  readonly headers: Headers;
  readonly patience: Patience;
}

/** How long a request waits for a role that is busy or away. */
export interface Patience {
  /** Milliseconds, since the first try that failed or since the role last took something of the same file. */
  readonly wait: number;
  /** When the role last took something, in milliseconds since the epoch; 0 before that. */
  readonly takenAt: () => number;
  /** Told of each wait, in milliseconds. */
  readonly onWait: (milliseconds: number, reason: string) => void;
}

/** What a person can do where nothing answers. */
const AWAY =
  'Start the role with `nomnom dev` or `nomnom run`, name where it listens with `--url` or `PORT`, or wait longer with `--wait`.';
/** And where the role has no room. */
const BUSY = 'Send again later, or wait longer with `--wait`.';

/** Sends one chunk as a batch; waits where the role is busy, gives up where it refuses the whole request. */
export async function sendChunk(chunk: Chunk, { url, key, headers, patience }: SendOptions): Promise<Sent> {
  const body = `${chunk.lines.join('\n')}\n`;
  const all = { ...headers, 'content-type': 'application/x-ndjson', 'idempotency-key': key };
  const answer = await postPatiently(url, all, body, patience);
  if (answer.status !== 202) throw fault(`${url}: ${messageOf(answer.body, answer.status)}`);
  return sentOf(answer.body, chunk);
}

export interface PostAnswer {
  readonly status: number;
  readonly body: Fields;
}

/** Posts until the ingest role answers for good: it waits where the role is busy or away, as long as `patience` says. */
export async function postPatiently(
  url: string,
  headers: Headers,
  body: string | Uint8Array<ArrayBuffer>,
  { wait, takenAt, onWait }: Patience,
): Promise<PostAnswer> {
  let failedAt: number | undefined;
  for (;;) {
    const answer = await post(url, headers, body);
    const busy = answer.kind === 'failed' || answer.status === 503 || answer.status === 429;
    if (!busy) {
      const refused = keyWanted(url, answer.status, headers);
      if (refused !== undefined) throw refused;
      return answer;
    }
    failedAt ??= Date.now();
    const reason = answer.kind === 'failed' ? answer.reason : messageOf(answer.body, answer.status);
    const left = Math.max(failedAt, takenAt()) + wait - Date.now();
    if (left <= 0 || (answer.kind === 'failed' && !answer.passing))
      throw fault(`${url}: ${reason}`, answer.kind === 'failed' ? AWAY : BUSY);
    // The last try comes when the time is over.
    const next = Math.min(answer.kind === 'answered' ? answer.retryAfter : 1000, left);
    onWait(next, reason);
    await new Promise((resolve) => setTimeout(resolve, next));
  }
}

type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: number; readonly body: Fields }
  | ({ readonly kind: 'failed' } & NoAnswer);

export type Fields = Readonly<Record<string, unknown>>;

async function post(url: string, headers: Headers, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) });
    const json: unknown = await response.json().catch(() => undefined);
    const seconds = Number(response.headers.get('retry-after') ?? '1');
    return {
      kind: 'answered',
      status: response.status,
      retryAfter: Math.min(Number.isFinite(seconds) ? Math.max(seconds, 0.1) * 1000 : 1000, 10_000),
      body: typeof json === 'object' && json !== null ? (json as Fields) : {},
    };
  } catch (error) {
    return { kind: 'failed', ...noAnswer(error) };
  }
}

function messageOf(body: Fields, status: number): string {
  const message = body['message'];
  return typeof message === 'string' ? message : `answered ${status}`;
}

function sentOf(body: Fields, chunk: Chunk): Sent {
  const rejected = Array.isArray(body['rejected']) ? (body['rejected'] as readonly Fields[]) : [];
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    accepted: Number(body['accepted']),
    // A role of an older version lists all and counts none.
    refusedCount: Number(body['rejected_count'] ?? rejected.length),
    refused: rejected.map((each) => ({
      line: chunk.numbers[Number(each['index'])] ?? 0,
      code: text(each['code']),
      pointer: text(each['pointer']),
      message: text(each['message']),
      ...faultsIn(each['faults']),
    })),
  };
}
