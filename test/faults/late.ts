import type { FaultCounts } from './disturb.ts';
import type { StatusRow } from './live.ts';
import type { Sending } from './sender.ts';

/**
 * Of the messages that were accepted before the last fault was over, at `calm`, those that had no final status so many seconds after
 * it, in one line. What comes later has to stand in line behind all that the senders could not send before.
 */
export function late(
  { accepted }: Pick<Sending, 'accepted'>,
  statuses: readonly StatusRow[],
  faults: FaultCounts,
  calm: number,
  seconds: number,
): readonly string[] {
  // A message that was purged is sent again when that is known.
  if (faults.has('stream purged')) return [];
  const found = statuses.filter(({ message_id: id, updated }) => {
    const message = accepted.get(id);
    // An entry waits for its account, with pauses.
    return (
      message !== undefined &&
      message.content.entity !== 'Entry' &&
      message.at < calm &&
      updated > calm + seconds * 1000
    );
  });
  if (found.length === 0) return [];
  const longest = Math.max(...found.map(({ updated }) => updated)) - calm;
  return [
    `${found.length} messages that were accepted before had no final status ${seconds} s after the last fault; the last one took ${(longest / 1000).toFixed(1)} s`,
  ];
}
