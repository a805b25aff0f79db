import type { FastifyInstance } from 'fastify';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { problem } from './problem.ts';
import { sendProblem } from './send.ts';

/** Beyond any of these the process is over its head, and takes nothing new until it is not. */
export interface PressureLimits {
  /** Milliseconds that the event loop is late, twice in a row. */
  readonly eventLoopDelay: number;
  /** Bytes. */
  readonly heap: number;
  readonly memory: number;
}

/** How often it looks, in milliseconds. */
const SAMPLE = 500;

/** Of what this process may have: the heap's limit, and the container's or machine's memory. */
export function pressureLimits(): PressureLimits {
  const available = Math.min(process.constrainedMemory() || Infinity, totalmem());
  return { eventLoopDelay: 1_000, heap: 0.85 * getHeapStatistics().heap_size_limit, memory: 0.9 * available };
}

/** What a route says in its `config`. */
interface PressureConfig {
  readonly answeredUnderPressure?: true;
}

/**
 * A request to a process under pressure is refused before its body is read; health checks are answered all the same. Gives whether it
 * is under pressure now.
 *
 * How late the event loop is, is read from a timer that runs every half second. Node's own histogram of it would wake an idle process
 * a hundred times a second, which costs more than everything else that it does.
 */
export function guardAgainstPressure(app: FastifyInstance, limits: PressureLimits): () => boolean {
  let late = 0;
  let lateBefore = 0;
  let isFull = false;
  let due = performance.now() + SAMPLE;
  const look = (): void => {
    const now = performance.now();
    lateBefore = late;
    late = now - due;
    due = now + SAMPLE;
    isFull = measured(limits) ?? isFull;
    timer = setTimeout(look, SAMPLE).unref();
  };
  let timer = setTimeout(look, SAMPLE).unref();
  // One pause is no pressure.
  const isUnder = (): boolean => isFull || Math.min(late, lateBefore) > limits.eventLoopDelay;
  app.addHook('onRequest', (request, reply, done) => {
    const { answeredUnderPressure } = request.routeOptions.config as PressureConfig;
    if (answeredUnderPressure === true || !isUnder()) done();
    else sendProblem(reply, UNDER_PRESSURE);
  });
  app.addHook('onClose', (_app, done) => {
    clearTimeout(timer);
    done();
  });
  return isUnder;
}

/** Whether the memory is full; undefined where that cannot be told now, as without a free descriptor: Node reads a file for it. */
function measured({ heap, memory }: PressureLimits): boolean | undefined {
  try {
    const { heapUsed, rss } = process.memoryUsage();
    return heapUsed > heap || rss > memory;
  } catch {
    return undefined;
  }
}

const UNDER_PRESSURE = problem('too_busy', 'the process is under pressure');

/** In a route's `config`: it is answered under pressure too. */
export const ANSWERED_UNDER_PRESSURE: PressureConfig = { answeredUnderPressure: true };
