import { createHash } from 'node:crypto';
import { answerWithin } from '../../ports/answer-within.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { BoundKey, KeyBinding } from '../../ports/ledger.ts';
import type { Log } from '../../ports/log.ts';
import type { Store } from '../../ports/store.ts';

/** Keys of one statement. */
const KEYS = 1000;
/** Milliseconds that a request waits for Postgres; accepting must not need it. */
const ANSWER_WITHIN = 1_000;
/** Milliseconds after a failure in which Postgres is not asked. */
const AWAY = 1_000;
/** Bindings kept while Postgres is away, about 20 MB. */
const CAPACITY = 100_000;

/**
 * Which body an Idempotency-Key stands for. It is bound in Postgres before its message is published, so that no later
 * request with another body is accepted, whatever becomes of the first and of its process.
 *
 * asked → bound to this body | bound to another one
 *       → Postgres does not answer: unknown, and remembered here until it does
 */
export interface KeyBindings {
  /**
   * `repeat`: the key was used before, for this body. `other`: for another one. `unknown`: Postgres is away and this
   * process has not seen the key.
   */
  bind(binding: KeyBinding): Promise<'new' | 'repeat' | 'other' | 'unknown'>;
  stop(): void;
}

/** Of what makes a message: the bytes, and the headers that its entity reads. */
export function hashOf(body: Uint8Array, headers: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(headers).toSorted(([left], [right]) => (left < right ? -1 : 1));
  // The length says where the body ends, so that no body reads as another one with headers.
  return createHash('sha256')
    .update(`${body.length}\n`)
    .update(body)
    .update(JSON.stringify(sorted))
    .digest('hex');
}

interface Asking extends KeyBinding {
  readonly answer: (bound: BoundKey | undefined) => void;
}

export function startKeyBindings(pipeline: string, store: Store, clock: Clock, log: Log): KeyBindings {
  const stopping = new AbortController();
  const unbound = new Map<string, string>();
  const asking: Asking[] = [];
  let running = false;
  let awayUntil = 0;

  const remember = ({ id, hash }: KeyBinding) => {
    if (unbound.size < CAPACITY && !unbound.has(id)) unbound.set(id, hash);
  };

  const remembered = (id: string): BoundKey | undefined => {
    const hash = unbound.get(id);
    return hash === undefined ? undefined : { hash, repeated: false };
  };

  /** Undefined where Postgres did not answer in time; the statement may still have its effect, which is the wanted one. */
  const ask = async (bindings: readonly KeyBinding[]): Promise<ReadonlyMap<string, BoundKey> | undefined> => {
    try {
      const bound = store.ledger.bindKeys(pipeline, bindings);
      const found = await answerWithin(clock, ANSWER_WITHIN, bound, undefined);
      if (found !== undefined) return found;
      log.warn({}, 'Idempotency-Keys are not compared: Postgres is slow');
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.warn({ code: error.code }, 'Idempotency-Keys are not compared: Postgres does not answer');
    }
    awayUntil = clock.now() + AWAY;
    return undefined;
  };

  /** Of those who ask for one key at once the first one's body is the one to bind. */
  const askAll = async (group: readonly Asking[]) => {
    const first = new Map<string, KeyBinding>();
    for (const each of group) if (!first.has(each.id)) first.set(each.id, each);
    // Those who asked while the last answer was waited for need not wait for another one.
    const bound = clock.now() < awayUntil ? undefined : await ask([...first.values()]);
    if (bound === undefined) for (const binding of first.values()) remember(binding);
    for (const { id, answer } of group) answer(bound?.get(id) ?? remembered(id));
  };

  const run = async () => {
    running = true;
    try {
      while (asking.length > 0) await askAll(asking.splice(0, KEYS));
    } finally {
      running = false;
    }
    if (unbound.size > 0) void bindLater();
  };

  let later = false;
  const bindLater = async () => {
    if (later) return;
    later = true;
    while (unbound.size > 0 && !stopping.signal.aborted) {
      await clock.sleep(AWAY, stopping.signal);
      const group = [...unbound].slice(0, KEYS).map(([id, hash]) => ({ id, hash }));
      if ((await ask(group)) !== undefined) for (const { id } of group) unbound.delete(id);
    }
    later = false;
  };

  return {
    async bind(binding) {
      const before = remembered(binding.id);
      if (before !== undefined && before.hash !== binding.hash) return 'other';
      if (clock.now() < awayUntil) {
        remember(binding);
        void bindLater();
        return 'unknown';
      }
      const bound = await new Promise<BoundKey | undefined>((answer) => {
        asking.push({ ...binding, answer });
        // Requests of one turn of the event loop share a statement.
        if (!running) setImmediate(() => void (running || run()));
      });
      if (bound !== undefined && bound.hash !== binding.hash) return 'other';
      if (unbound.has(binding.id) || bound === undefined) return 'unknown';
      return bound.repeated ? 'repeat' : 'new';
    },
    stop: () => stopping.abort(),
  };
}
