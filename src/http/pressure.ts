import underPressure from '@fastify/under-pressure';
import type { FastifyInstance } from 'fastify';
import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** Beyond any of these the process is over its head, and takes nothing new until it is not. */
export interface PressureLimits {
  /** Milliseconds that the event loop is late on average. */
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

/** A request to a process under pressure is refused before its body is read; health checks are answered all the same. */
export function guardAgainstPressure(app: FastifyInstance, limits: PressureLimits): void {
  app.register(underPressure, {
    sampleInterval: SAMPLE,
    maxEventLoopDelay: limits.eventLoopDelay,
    maxHeapUsedBytes: limits.heap,
    maxRssBytes: limits.memory,
  });
}

/** In a route's `config`: it is answered under pressure too. */
export const ANSWERED_UNDER_PRESSURE = { pressureHandler: () => undefined };
