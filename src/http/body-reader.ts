import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Clock } from '../ports/clock.ts';
import type { BodyBudget, Share } from './body-budget.ts';
import type { BodyWatch, WatchedBody } from './body-rate.ts';
import { problem, type Problem } from './problem.ts';

/** A body that arrived as a whole. Whoever gets it gives its memory back to the budget when it is done with it. */
export interface ReceivedBody {
  readonly bytes: Buffer;
  /** Bytes taken of the budget. */
  readonly held: number;
}

export interface BodyRules {
  readonly share: Share;
  readonly budget: BodyBudget;
  readonly watch: BodyWatch;
  readonly clock: Clock;
  /** Bytes of one body, as far as that is known now. */
  readonly limit: () => number;
}

type Done = (error: Error | null, body?: ReceivedBody) => void;

/** A refusal on its way through the server's own error handling. */
export interface BodyError extends Error {
  readonly problem: Problem;
}

const tooLarge = (limit: number): Problem =>
  problem('too_large', `the body is larger than ${limit} bytes`, { limit });

const noRoom = (): Problem =>
  problem('too_busy', 'the bodies of other requests use all the memory for bodies');

/** Whether a body follows the headers. */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

/** What can be said of a body before any of it is read: it is too large, or does not find room now. */
export function refusedUnread(
  { share, budget, limit }: BodyRules,
  headers: IncomingHttpHeaders,
): Problem | undefined {
  const announced = Number(headers['content-length'] ?? 0);
  const most = limit();
  if (announced > most) return tooLarge(most);
  return budget.fits(share, announced) ? undefined : noRoom();
}

/** The first block for a body that came in several pieces, in bytes. */
const FIRST_BLOCK = 4 * 1024;

/**
 * Reads a body into one block of memory that grows with it: to the double, up to the announced length. A body is
 * announced → arriving → complete, or refused: too large, without room, too slow; or gone with its client.
 */
export function bodyReader(
  rules: BodyRules,
): (request: FastifyRequest, stream: IncomingMessage, done: Done) => void {
  const { share, budget, watch, clock } = rules;
  return (request, stream, done) => {
    const limit = rules.limit();
    const announced = Number(request.headers['content-length'] ?? 0);
    let block: Buffer = EMPTY;
    let length = 0;
    let held = 0;

    const end = () => {
      watch.remove(watched);
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('error', onGone);
      stream.off('close', onGone);
    };
    const fail = (error: Error) => {
      end();
      // An aborted stream reports its error later, when nobody else listens.
      stream.on('error', ignore);
      budget.give(share, held);
      block = EMPTY;
      done(error);
    };
    const refuse = (found: Problem) => fail(Object.assign(new Error(found.code), { problem: found }));

    const onData = (piece: Buffer) => {
      const needed = length + piece.length;
      if (needed > limit) return refuse(tooLarge(limit));
      if (needed > block.length) {
        const wanted =
          length === 0 ? piece.length : Math.max(FIRST_BLOCK, needed, (announced > 0 ? 4 : 2) * block.length);
        const size = announced > 0 ? Math.min(wanted, Math.max(announced, needed)) : wanted;
        const more = size - block.length;
        if (!budget.take(share, more)) return refuse(noRoom());
        held += more;
        block = length === 0 ? piece : grown(block, length, size);
      }
      if (block !== piece) block.set(piece, length);
      length = needed;
    };
    const onEnd = () => {
      end();
      done(null, { bytes: block.subarray(0, length), held });
    };
    // Nobody reads this answer.
    const onGone = () => refuse(problem('bad_request', 'the client disconnected'));

    const watched: WatchedBody = {
      startedAt: clock.now(),
      received: () => length,
      tooSlow: () => refuse(problem('request_timeout', 'the body arrived too slowly')),
    };
    watch.add(watched);
    stream.on('data', onData);
    stream.on('end', onEnd);
    stream.on('error', onGone);
    stream.on('close', onGone);
  };
}

const EMPTY = Buffer.alloc(0);
const ignore = () => {};

/**
 * Gives the memory of a body back at once, when nobody needs it any more: all that it became is stored. The collector would find it late,
 * since its block is not on the heap. A body that may still be on its way to a server must not be freed.
 */
export function freeBody({ bytes: { buffer }, held }: ReceivedBody): void {
  // Otherwise the block is part of something else.
  if (held > 0 && buffer.byteLength === held && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** Gives the old block's memory back at once, not when the collector finds it. */
function grown(block: Buffer, length: number, size: number): Buffer {
  const whole = block.byteOffset === 0 && block.byteLength === block.buffer.byteLength;
  if (whole && block.buffer instanceof ArrayBuffer && typeof block.buffer.transfer === 'function') {
    return Buffer.from(block.buffer.transfer(size));
  }
  const larger = Buffer.allocUnsafeSlow(size);
  block.copy(larger, 0, 0, length);
  return larger;
}
