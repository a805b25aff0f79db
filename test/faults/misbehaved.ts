import type { FaultCounts } from './disturb.ts';
import type { SendingFacts } from './sender.ts';
import type { ProcessFacts } from './supervised.ts';

/** So often an index has to be missing until a worker must have met that. */
const OFTEN = 3;
/** MB that one process may hold. */
const MEMORY = 400;

/** What the processes did that no process may do, a line each. */
export function misbehaved(
  processes: readonly ProcessFacts[],
  faults: FaultCounts,
  sent: SendingFacts,
): readonly string[] {
  const wrong = processes.flatMap(({ name, crashes, peak }) => [
    ...crashes,
    ...(peak > MEMORY ? [`${name} held ${peak} MB, more than ${MEMORY}`] : []),
  ]);
  const paused = processes.some(({ pauses }) => pauses > 0);
  // One time may pass unmet: by a deploy that brings the index back, or while no worker gets to Postgres.
  const met = (faults.get('index dropped') ?? 0) >= OFTEN && !faults.has('new version');
  if (met && !paused) wrong.push('no worker paused while an index was missing');
  return [...wrong, ...takenUnseen(processes, sent)];
}

/** A key may only be taken for another body while Postgres, which knows the first, does not answer. */
function takenUnseen(processes: readonly ProcessFacts[], { reused }: SendingFacts): readonly string[] {
  const { taken } = reused;
  if (taken === 0 || processes.some(({ uncompared }) => uncompared > 0)) return [];
  return [`${taken} keys were taken for another body while Postgres answered`];
}
