import type { LiveState } from './live.ts';
import type { Sending } from './sender.ts';

/** The messages that the sender waits for: without those that were lost, and that the second program refuses now. */
export function withoutUnsendable(
  { accepted, facts }: Pick<Sending, 'accepted' | 'facts'>,
  state: LiveState,
): { readonly accepted: Sending['accepted']; readonly state: LiveState } {
  const status = new Map(state.statuses.map(({ message_id: id, status }) => [id, status]));
  const given = new Set([...facts.outdated.lost].filter((id) => (status.get(id) ?? 'lost') === 'lost'));
  return {
    accepted: new Map([...accepted].filter(([id]) => !given.has(id))),
    state: { ...state, statuses: state.statuses.filter(({ message_id: id }) => !given.has(id)) },
  };
}

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
