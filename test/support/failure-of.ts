import { expect } from 'vitest';
import { Failure } from '../../src/ports/failure.ts';

/** The `Failure` with which work rejects; that it does is expected here. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}
