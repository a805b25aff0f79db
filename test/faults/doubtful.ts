import type { LiveState } from './live.ts';
import type { Sending } from './sender.ts';

/**
 * The state without the memos that the second program refused after an earlier request had no clear answer: the first
 * program may have taken them then, and nobody was told. No more of them than there were such requests.
 */
export function withoutDoubtful(
  state: LiveState,
  { accepted, facts }: Pick<Sending, 'accepted' | 'facts'>,
): LiveState {
  const { doubtful } = facts.outdated;
  const unknown = state.statuses.filter(
    ({ message_id: id, entity_type: entity }) => entity === 'Memo' && !accepted.has(id),
  );
  if (unknown.length === 0 || unknown.length > doubtful.size) return state;
  const ids = new Set(unknown.map(({ message_id: id }) => id));
  const memos = [...state.tables.memos].filter(([key]) => !doubtful.has(Number(key)));
  return {
    ...state,
    statuses: state.statuses.filter(({ message_id: id }) => !ids.has(id)),
    dead: state.dead.filter(({ message_id: id }) => !ids.has(id)),
    tables: { ...state.tables, memos: new Map(memos) },
  };
}
