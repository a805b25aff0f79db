import { afterEach, expect, test, vi } from 'vitest';
import { endAtLatest } from '../../src/runtime/end-soon.ts';
import { ignoreSignals } from '../../src/runtime/harmless-signals.ts';
import { stopSignal } from '../../src/runtime/stop-signal.ts';
import { memoryLog } from '../support/memory-log.ts';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const;

const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  for (const signal of SIGNALS) {
    for (const listener of process.listeners(signal))
      if (before.get(signal)?.includes(listener) !== true) process.off(signal, listener);
  }
});

test.for(['SIGTERM', 'SIGINT', 'SIGQUIT'] as const)(
  '%s asks for a stop, a second one ends the process',
  async (signal) => {
    vi.useFakeTimers();
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const stopping = stopSignal(false);
    process.emit(signal, signal);
    expect(await stopping).toBe(signal);
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(301);
    process.emit(signal, signal);
    expect(exit).toHaveBeenCalledWith(1);
  },
);

test('the same signal of `timeout`, which its launcher passes on at once, is one wish', async () => {
  vi.useFakeTimers();
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const stopping = stopSignal(false);
  process.emit('SIGTERM', 'SIGTERM');
  vi.advanceTimersByTime(100);
  process.emit('SIGTERM', 'SIGTERM');
  expect(await stopping).toBe('SIGTERM');
  expect(exit).not.toHaveBeenCalled();
});

test.for(['SIGINT', 'SIGQUIT'] as const)(
  '%s of a terminal, which its launcher passes on, is one wish',
  async (signal) => {
    vi.useFakeTimers();
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const stopping = stopSignal(false);
    process.emit('SIGTERM', 'SIGTERM');
    process.emit(signal, signal);
    expect(await stopping).toBe('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    vi.advanceTimersByTime(301);
    process.emit(signal, signal);
    expect(exit).toHaveBeenCalledWith(1);
  },
);

test('a terminal that hangs up stops the role in order, also where the signal comes twice', async () => {
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const log = memoryLog();
  ignoreSignals(log, true);
  const stopping = stopSignal(true);
  process.emit('SIGHUP', 'SIGHUP');
  process.emit('SIGHUP', 'SIGHUP');
  expect(await stopping).toBe('SIGHUP');
  expect(exit).not.toHaveBeenCalled();
  expect(log.lines).toEqual([]);
});

test('a process that was asked to stop ends at the latest after 30 s, and says so', () => {
  vi.useFakeTimers();
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const log = memoryLog();
  endAtLatest(log);
  vi.advanceTimersByTime(29_999);
  expect(exit).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(exit).toHaveBeenCalledWith(1);
  expect(log.lines.map(({ message }) => message)).toEqual(['did not stop in time, ends all the same']);
});
