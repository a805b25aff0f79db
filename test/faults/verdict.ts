import { expectedTables, allowedTables } from './fold.ts';
import type { LiveState, StatusRow, TableName, TableRows } from './live.ts';
import type { FaultCounts } from './disturb.ts';
import type { Accepted, Sending } from './sender.ts';
import { POISON, type Content } from './content.ts';

/** Attempts that the pipeline gives a message. */
export const ATTEMPTS = 8;
/** Milliseconds between the last attempt of a message and the moment of its dead letter, at most. */
const BURIED_WITHIN = 15_000;
const SHOWN = 5;

/** Everything in which the state at rest and the promises disagree, a line each; empty when all holds. */
export function disagreements(
  { accepted, facts: { doubtful } }: Pick<Sending, 'accepted' | 'facts'>,
  state: LiveState,
): readonly string[] {
  const status = new Map(state.statuses.map((row) => [row.message_id, row]));
  return [
    ...conservation(accepted, state),
    ...attempts(accepted, state),
    ...deadLetters(accepted, state, status),
    ...tables(accepted, state, status, doubtful),
  ];
}

/** accepted = completed + superseded + dead, id by id: what was lost has been sent again. */
function conservation(accepted: ReadonlyMap<string, Accepted>, state: LiveState): readonly string[] {
  const lost = new Set(accepted.keys());
  const open: string[] = [];
  const foreign: string[] = [];
  const seen = new Set<string>();
  for (const { message_id: id, status } of state.statuses) {
    if (seen.has(id)) foreign.push(`${id} twice`);
    seen.add(id);
    if (!accepted.has(id)) foreign.push(id);
    lost.delete(id);
    if (status === 'accepted' || status === 'retrying' || status === 'lost') open.push(`${id} ${status}`);
  }
  return [
    ...finding('accepted messages without any status', [...lost]),
    ...finding('messages without a final status', open),
    ...finding('statuses of messages that nobody was told of', foreign),
  ];
}

/** Only a message's own fault counts against it, and of ours only entries can fail and recover. */
function attempts(accepted: ReadonlyMap<string, Accepted>, { statuses }: LiveState): readonly string[] {
  const spent = statuses.filter(
    ({ message_id: id, retry_count: count }) => count > 0 && accepted.get(id)?.content.entity !== 'Entry',
  );
  return finding(
    'messages that spent attempts without a fault of their own',
    spent.map(({ message_id, retry_count }) => `${message_id} ${retry_count}`),
  );
}

/** The dead letters are exactly the poison, with the bytes that were sent. */
function deadLetters(
  accepted: ReadonlyMap<string, Accepted>,
  { dead, statuses }: LiveState,
  status: ReadonlyMap<string, StatusRow>,
): readonly string[] {
  const found = new Map(dead.map((row) => [row.message_id, row]));
  const wrong: string[] = dead.length === found.size ? [] : ['a message has two dead letters'];
  const accounts = accountTimes(accepted, status);
  for (const { messageId, content, body } of accepted.values()) {
    const letter = found.get(messageId);
    const isDead = status.get(messageId)?.status === 'dlq';
    if (letter !== undefined && letter.body.toString() !== body) wrong.push(`${messageId} has another body`);
    if (letter?.error_code === 'program_changed' && content.entity === 'Memo' && content.isMisfit) continue;
    const expected = fateOf(content);
    if (expected === undefined) {
      if (letter === undefined && !isDead) continue;
      // An entry may die of an account that came too late.
      const came = content.entity === 'Entry' ? accounts.get(content.account) : undefined;
      const justly = letter !== undefined && came !== undefined && letter.failed - BURIED_WITHIN < came;
      if (!justly || letter.attempts !== ATTEMPTS)
        wrong.push(`${messageId} ${describe(content)} is dead (${letter?.error_code})`);
    } else if (letter === undefined || !isDead) {
      wrong.push(`${messageId} ${describe(content)} is not dead`);
    } else if (letter.attempts !== expected.attempts || letter.constraint !== expected.constraint) {
      wrong.push(
        `${messageId} ${describe(content)} died of ${letter.constraint} after ${letter.attempts} attempts`,
      );
    }
  }
  for (const { message_id: id } of dead) if (!accepted.has(id)) wrong.push(`${id} was never accepted`);
  for (const { message_id: id, status } of statuses) {
    if (status === 'dlq' && !found.has(id)) wrong.push(`${id} has no dead letter`);
  }
  return finding('dead letters that are not exactly the poison', wrong);
}

interface Fate {
  readonly attempts: number;
  readonly constraint: string;
}

/** How a message must end that nothing can make good. */
function fateOf(content: Content): Fate | undefined {
  if (content.entity === 'Entry') {
    return content.orphan ? { attempts: ATTEMPTS, constraint: 'entries_account_key_fkey' } : undefined;
  }
  if (content.entity !== 'Order' || !content.poison) return undefined;
  const constraint = content.note === POISON ? 'orders_healthy' : 'order_lines_healthy';
  return { attempts: 1, constraint };
}

/** When each account was first written. */
function accountTimes(
  accepted: ReadonlyMap<string, Accepted>,
  status: ReadonlyMap<string, StatusRow>,
): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const { messageId, content } of accepted.values()) {
    const at = status.get(messageId)?.updated;
    if (content.entity !== 'Account' || at === undefined) continue;
    times.set(content.key, Math.min(at, times.get(content.key) ?? Infinity));
  }
  return times;
}

function tables(
  accepted: ReadonlyMap<string, Accepted>,
  state: LiveState,
  status: ReadonlyMap<string, StatusRow>,
  doubtful: ReadonlySet<number>,
): readonly string[] {
  const expected = expectedTables(accepted, status);
  const allowed = allowedTables(accepted, status, doubtful);
  return [
    ...compare('orders', state.tables.orders, expected.orders),
    ...compare('order_lines', state.tables.order_lines, expected.order_lines),
    ...compare('order_states', state.tables.order_states, expected.order_states),
    ...compare('order_tallies', state.tables.order_tallies, expected.order_tallies),
    ...compare('tallies', state.tables.tallies, expected.tallies),
    ...compare('movements', state.tables.movements, expected.movements),
    ...compare('positions', state.tables.positions, expected.positions),
    ...finding('rows that were written out of order', state.violations),
    ...compare('stocks', state.tables.stocks, expected.stocks),
    ...compare('entries', state.tables.entries, expected.entries),
    ...oneOf('products', state.tables.products, allowed.products),
    ...oneOf('claims', state.tables.claims, allowed.claims),
    ...oneOf('accounts', state.tables.accounts, allowed.accounts),
    ...oneOf('memos', state.tables.memos, allowed.memos),
    ...compare('extras', state.tables.extras, expected.extras),
  ];
}

function compare(table: TableName, found: TableRows, expected: TableRows): readonly string[] {
  const wrong: string[] = [];
  for (const [key, value] of expected) {
    if (found.get(key) !== value) wrong.push(`(${key}) is ${found.get(key) ?? 'missing'}, not ${value}`);
  }
  for (const [key, value] of found)
    if (!expected.has(key)) wrong.push(`(${key}) is ${value}, and should not be`);
  return finding(`rows of ${table} that are not what the input says`, wrong);
}

function oneOf(
  table: TableName,
  found: TableRows,
  allowed: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] {
  const wrong: string[] = [];
  for (const [key, values] of allowed) {
    const value = found.get(key);
    if (value === undefined || !values.has(value)) wrong.push(`(${key}) is ${value ?? 'missing'}`);
  }
  for (const key of found.keys()) if (!allowed.has(key)) wrong.push(`(${key}) should not be`);
  return finding(`rows of ${table} that no message wrote`, wrong);
}

function describe(content: Content): string {
  return `${content.entity} ${content.key}`;
}

function finding(what: string, which: readonly string[]): readonly string[] {
  if (which.length === 0) return [];
  const rest = which.length > SHOWN ? `; and ${which.length - SHOWN} more` : '';
  return [`${which.length} ${what}: ${which.slice(0, SHOWN).join('; ')}${rest}`];
}

/** Only what a purge took may ever be called lost. */
export function lostInVain(ids: ReadonlySet<string>, faults: FaultCounts): readonly string[] {
  if (faults.has('stream purged')) return [];
  return finding('messages that were called lost although nothing was purged', [...ids]);
}
