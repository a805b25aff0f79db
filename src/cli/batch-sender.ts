import { fault } from './exit.ts';
import { keyWanted } from './key-wanted.ts';
import { type Fields, fieldsOf, foreignAnswer, foreignTalk, isFields, problemIn } from './foreign-answer.ts';
import type { Headers } from './headers.ts';
import type { Chunk } from './ndjson-file.ts';
import { noAnswer } from './no-answer.ts';
import { askRole, type RoleAnswer, type RoleRequest } from './role-request.ts';
import { visible } from '../text/visible.ts';

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
  if (!Array.isArray(faults) || !faults.every(isFields)) return {};
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    faults: faults.map((each) => ({
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
/** Where it is there and silent. */
const SILENT =
  'See whether the role works: its log, and `/readyz`. Name where it listens with `--url` or `PORT`, or wait longer with `--wait`.';
/** Where the role has no room. */
const BUSY = 'Send again later, or wait longer with `--wait`.';
/** And where something before it says that it is not there. */
const BEHIND =
  'A proxy answers, or another service: see that the role behind it runs, or wait longer with `--wait`.';

/** Milliseconds that an answer has at least, also with a shorter `--wait`: a role that works needs some time for a large batch. */
const ANSWER_LEAST = 5_000;
/** And at most, also with a longer one: a connection whose other end is gone looks like a role that is slow. */
const ANSWER_MOST = 60_000;

const NEWLINE = Buffer.from('\n');

/** Sends one chunk as a batch; waits where the role is busy, gives up where it refuses the whole request. */
export async function sendChunk(chunk: Chunk, { url, key, headers, patience }: SendOptions): Promise<Sent> {
  const body = Buffer.concat(chunk.lines.flatMap((line) => [line, NEWLINE]));
  const all = { ...headers, 'content-type': 'application/x-ndjson', 'idempotency-key': key };
  const answer = await postPatiently(url, all, body, patience);
  const expected = '202 with the counts of the batch';
  if (answer.status === 202) {
    const sent = sentOf(fieldsOf(answer.text) ?? {}, chunk);
    if (sent === undefined) throw foreignAnswer(url, expected, answer);
    return sent;
  }
  const refused = problemIn(answer.text);
  throw refused === undefined ? foreignAnswer(url, expected, answer) : fault(`${url}: ${refused.message}`);
}

/** Statuses of a role without room, or of a proxy that does not reach it. */
const LATER: readonly number[] = [429, 502, 503, 504];

/** Posts until the ingest role answers for good: it waits where the role is busy, away or silent, as long as `patience` says. */
export async function postPatiently(
  url: string,
  headers: Headers,
  body: Uint8Array,
  { wait, takenAt, onWait }: Patience,
): Promise<RoleAnswer> {
  let failedAt: number | undefined;
  const left = (since: number): number => Math.max(since, takenAt()) + wait - Date.now();
  for (;;) {
    const startedAt = Date.now();
    const limit = Math.min(Math.max(left(failedAt ?? startedAt), ANSWER_LEAST), ANSWER_MOST);
    const tried = await tryToPost({ url, headers, body, limit });
    if (tried.kind === 'answered') return tried.answer;
    // A silent server has been waited for since it was asked.
    failedAt ??= tried.kind === 'late' ? startedAt : Date.now();
    const rest = left(failedAt);
    if (rest <= 0) throw fault(`${url}: ${visible(tried.reason)}`, tried.help);
    // The last try comes when the time is over.
    const next = Math.min(tried.next, rest);
    onWait(next, tried.reason);
    await new Promise((resolve) => setTimeout(resolve, next));
  }
}

type Tried =
  | { readonly kind: 'answered'; readonly answer: RoleAnswer }
  | {
      readonly kind: 'late' | 'away' | 'busy';
      readonly reason: string;
      readonly help: string;
      /** Milliseconds until the next try. */
      readonly next: number;
    };

/** Asks once; throws what ends the command where no later try can be answered. */
async function tryToPost(asked: RoleRequest): Promise<Tried> {
  const { url, headers } = asked;
  let answer: RoleAnswer;
  try {
    answer = await askRole(asked);
  } catch (error) {
    const { kind, reason, help } = noAnswer(error);
    if (kind === 'foreign') throw foreignTalk(url, reason);
    if (kind === 'final') throw fault(`${url}: ${visible(reason)}`, help ?? AWAY);
    return { kind, reason, help: kind === 'late' ? SILENT : AWAY, next: 1000 };
  }
  const problem = problemIn(answer.text);
  if (!LATER.includes(answer.status)) {
    const refused = problem === undefined ? undefined : keyWanted(url, answer.status, headers);
    if (refused !== undefined) throw refused;
    return { kind: 'answered', answer };
  }
  const seconds = Number(answer.headers['retry-after'] ?? '1');
  return {
    kind: 'busy',
    reason: problem?.message ?? `answered ${answer.status}`,
    help: problem === undefined ? BEHIND : BUSY,
    next: Math.min(Number.isFinite(seconds) ? Math.max(seconds, 0.1) * 1000 : 1000, 10_000),
  };
}

/** Undefined where these are not the counts of a role for this chunk: each line is accepted or refused. */
function sentOf(body: Fields, chunk: Chunk): Sent | undefined {
  const { accepted, rejected } = body;
  if (!isCount(accepted) || !Array.isArray(rejected)) return undefined;
  // A role of an older version lists all and counts none.
  const refusedCount = body['rejected_count'] ?? rejected.length;
  if (!isCount(refusedCount) || accepted + refusedCount !== chunk.lines.length) return undefined;
  if (!rejected.every(isFields)) return undefined;
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return {
    accepted,
    refusedCount,
    refused: rejected.map((each) => ({
      line: chunk.numbers[Number(each['index'])] ?? 0,
      code: text(each['code']),
      pointer: text(each['pointer']),
      message: text(each['message']),
      ...faultsIn(each['faults']),
    })),
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
