import { fault } from './exit.ts';
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
  /** Told of each wait, in milliseconds. */
  readonly onWait: (milliseconds: number, reason: string) => void;
}

/** How long the ingest role may be away before `send` gives up, in milliseconds. */
const PATIENCE = 60_000;

/** What a person can do where nothing answers. */
const AWAY =
  'Start the role with `nomnom dev` or `nomnom run`, or name where it listens with `--url` or `PORT`.';

/** Sends one chunk as a batch; waits where the role is busy, gives up where it refuses the whole request. */
export async function sendChunk(chunk: Chunk, { url, key, headers, onWait }: SendOptions): Promise<Sent> {
  const body = `${chunk.lines.join('\n')}\n`;
  const all = { ...headers, 'content-type': 'application/x-ndjson', 'idempotency-key': key };
  const answer = await postPatiently(url, all, body, onWait);
  if (answer.status !== 202) throw fault(`${url}: ${messageOf(answer.body, answer.status)}`);
  return sentOf(answer.body, chunk);
}

export interface PostAnswer {
  readonly status: number;
  readonly body: Fields;
}

/** Posts until the ingest role answers for good: it waits where the role is busy or away, up to a minute. */
export async function postPatiently(
  url: string,
  headers: Headers,
  body: string | Uint8Array<ArrayBuffer>,
  onWait: SendOptions['onWait'],
): Promise<PostAnswer> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const answer = await post(url, headers, body);
    const busy = answer.kind === 'failed' || answer.status === 503 || answer.status === 429;
    if (!busy) return answer;
    const reason = answer.kind === 'failed' ? answer.reason : messageOf(answer.body, answer.status);
    if (Date.now() >= deadline) throw fault(`${url}: ${reason}`, answer.kind === 'failed' ? AWAY : undefined);
    const wait = answer.kind === 'answered' ? answer.retryAfter : 1000;
    onWait(wait, reason);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfter: number; readonly body: Fields }
  | { readonly kind: 'failed'; readonly reason: string };

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
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      kind: 'failed',
      reason: cause instanceof Error && cause.message !== '' ? cause.message : String(cause),
    };
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
