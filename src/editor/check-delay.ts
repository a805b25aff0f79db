/** Milliseconds between an edit and its check; `alone` for one that no other follows soon. */
const DELAY = { alone: 1, least: 10, most: 300 } as const;

/**
 * How long a check waits after an edit, in milliseconds, for an editor that has its findings sent. An edit that comes alone
 * is checked at once. While somebody types, with an edit soon after the one before, the check waits about as long as the
 * last one `took`: it keeps up with typing in small files and does not hinder it in large ones.
 */
export function checkDelay(took: number, sinceLastEdit: number): number {
  const pause = Math.min(Math.max(took, DELAY.least), DELAY.most);
  return sinceLastEdit < 2 * pause ? pause : DELAY.alone;
}
