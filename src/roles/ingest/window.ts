/**
 * How many messages may be with the queue at once. A single message is taken at once or refused; a batch that was
 * let in waits its turn for room, in order of asking, so that it cannot overtake or starve.
 */
export interface Window {
  /** Takes room for one message, unless there is none or somebody waits for it. */
  tryEnter(): boolean;
  /** Resolves once there is room for `count` messages; one larger than the whole window gets the empty window. */
  enter(count: number): Promise<void>;
  leave(count: number): void;
  /** Whether a new request would find room. */
  open(): boolean;
  /** Resolves when nothing is inside. */
  empty(): Promise<void>;
}

export function openWindow(size: number): Window {
  let inside = 0;
  const waiting: { count: number; admit: () => void }[] = [];
  let whenEmpty: (() => void)[] = [];

  const fits = (count: number) => inside === 0 || inside + count <= size;
  const open = () => waiting.length === 0 && inside < size;

  return {
    open,
    tryEnter() {
      if (!open()) return false;
      inside += 1;
      return true;
    },
    enter(count) {
      if (waiting.length === 0 && fits(count)) {
        inside += count;
        return Promise.resolve();
      }
      return new Promise((admit) => waiting.push({ count, admit }));
    },
    leave(count) {
      inside -= count;
      for (let next = waiting[0]; next !== undefined && fits(next.count); next = waiting[0]) {
        waiting.shift();
        inside += next.count;
        next.admit();
      }
      if (inside > 0) return;
      for (const resolve of whenEmpty) resolve();
      whenEmpty = [];
    },
    empty() {
      return inside === 0 ? Promise.resolve() : new Promise((resolve) => whenEmpty.push(resolve));
    },
  };
}
