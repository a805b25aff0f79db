import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { KnownKey } from '../../ports/keys.ts';
import type { Log } from '../../ports/log.ts';
import type { Sender } from '../../ports/sender.ts';
import type { Store } from '../../ports/store.ts';
import { keyHash } from './key-text.ts';
import { keySenderId, senderMark } from './sender-mark.ts';

/** Milliseconds between two looks; a key that is revoked must be refused within 10 s. */
const LOOK_EVERY = 3_000;
/** The same while nobody gets in. */
const FIRST_EVERY = 250;
/** Keys that are recognised by themselves until the next look, instead of by their hash. */
const RECENT = 1_000;
/** Milliseconds that the start waits for the first look: probes are to be answered soon. */
const FIRST_WITHIN = 1_000;

/**
 * The keys of a pipeline, in the memory of this process, so that a request waits for nothing:
 *
 * unknown (not read yet: nobody gets in) → open (there has never been a key) ⇄ closed (only holders of a key get in)
 *
 * While Postgres is away the keys that were read last stay valid.
 */
export interface Keyring {
  state(): 'unknown' | 'open' | 'closed';
  /** Why the last look failed; undefined where it did not. */
  trouble(): Failure | undefined;
  /** The holder of this key, or undefined. */
  holder(key: string): Sender | undefined;
  stop(): void;
}

export interface KeyringOptions {
  readonly pipeline: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the wait for the first look. */
  readonly signal?: AbortSignal | undefined;
}

interface Held {
  readonly hash: Buffer;
  readonly sender: Sender;
  /** By this process's clock. */
  readonly endsAt: number;
}

/** Resolves after the first look, whatever came of it, or without it where Postgres is slow. */
export async function startKeyring({
  pipeline,
  store,
  clock,
  log,
  signal,
}: KeyringOptions): Promise<Keyring> {
  const stopping = new AbortController();
  let state: ReturnType<Keyring['state']> = 'unknown';
  let held: ReadonlyMap<string, Held> = new Map();
  let trouble: Failure | undefined;
  // Only right keys come in here. How long a map looks for a text depends on a hash with a secret seed, not on how much of it is right.
  const recent = new Map<string, Held>();

  const look = async (): Promise<void> => {
    try {
      const known = await store.ledger.keys.read(pipeline);
      const now = clock.now();
      held = new Map(known.map((key) => hold(pipeline, key, now)));
      recent.clear();
      const next = known.length === 0 ? 'open' : 'closed';
      if (state === 'open' && next === 'closed')
        log.info({}, 'the pipeline has a key now: only who has one may send');
      state = next;
      if (trouble !== undefined) log.info({}, 'keys are read again');
      trouble = undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (trouble === undefined)
        log.warn(
          { code: error.code, reason: error.message },
          'keys cannot be read: those of the last look stay valid',
        );
      trouble = error;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(state === 'unknown' ? FIRST_EVERY : LOOK_EVERY, stopping.signal);
      if (!stopping.signal.aborted) await look();
    }
  };

  const prove = (key: string): Held | undefined => {
    const hash = keyHash(key);
    const found = held.get(selectorOf(hash));
    if (found === undefined || !timingSafeEqual(found.hash, Buffer.from(hash, 'hex'))) return undefined;
    if (recent.size < RECENT) recent.set(key, found);
    return found;
  };

  const first = look();
  const read = new AbortController();
  const ended = signal === undefined ? read.signal : AbortSignal.any([read.signal, signal]);
  await Promise.race([first, clock.sleep(FIRST_WITHIN, ended)]);
  read.abort();
  void first.then(run);
  return {
    state: () => state,
    trouble: () => trouble,
    holder(key) {
      const found = recent.get(key) ?? prove(key);
      if (found === undefined) return undefined;
      return clock.now() < found.endsAt ? found.sender : undefined;
    },
    stop: () => stopping.abort(),
  };
}

/** What a key is found by; the rest of its hash is compared in a time that says nothing. */
function selectorOf(hash: string): string {
  return hash.slice(0, 16);
}

function hold(pipeline: string, key: KnownKey, now: number): readonly [string, Held] {
  const { name, hash, scopes, entities, rate, left = Infinity } = key;
  const id = keySenderId(name);
  const sender: Sender = {
    name,
    id,
    mark: senderMark(pipeline, id),
    scopes: new Set(scopes),
    entities: entities === undefined ? undefined : new Set(entities),
    rate,
  };
  return [selectorOf(hash), { hash: Buffer.from(hash, 'hex'), sender, endsAt: now + left }];
}
