import type { Keys, KnownKey } from '../../../ports/keys.ts';
import type { Scope } from '../../../ports/sender.ts';
import {
  ADD_KEY,
  COPY_KEY,
  END_KEY_LATER,
  READ_KEYS,
  REVOKE_KEYS,
} from '../../../sql/postgres/ledger/keys.ts';
import type { SqlSession } from '../../../sql/postgres/session.ts';

export function keysOver(sql: SqlSession): Keys {
  return {
    async read(pipeline) {
      const { rows } = await sql.query({ ...READ_KEYS, values: [pipeline] });
      return rows.map(knownKey);
    },
    async add(pipeline, { name, hash, scopes, entities, rate }) {
      const terms = [[...scopes], entities === undefined ? null : [...entities], rate?.messages, rate?.per];
      const { rowCount } = await sql.query({ ...ADD_KEY, values: [pipeline, name, hash, ...terms] });
      return rowCount > 0;
    },
    async rotate(pipeline, name, hash, keep) {
      const { rows } = await sql.query({ ...END_KEY_LATER, values: [pipeline, name, keep] });
      const [ended] = rows;
      if (ended === undefined) return false;
      await sql.query({ ...COPY_KEY, values: [String(ended['hash']), hash] });
      return true;
    },
    async revoke(pipeline, name) {
      return (await sql.query({ ...REVOKE_KEYS, values: [pipeline, name] })).rowCount;
    },
  };
}

function knownKey(row: Readonly<Record<string, unknown>>): KnownKey {
  const { entities, rate_messages: messages, rate_per: per, left_ms: left } = row;
  return {
    name: String(row['name']),
    hash: String(row['hash']),
    // The statements above wrote them.
    scopes: JSON.parse(String(row['scopes'])) as Scope[],
    entities: typeof entities === 'string' ? (JSON.parse(entities) as string[]) : undefined,
    rate: messages === null || per === null ? undefined : { messages: Number(messages), per: Number(per) },
    createdAt: Number(row['created_ms']),
    left: left === null ? undefined : Number(left),
  };
}
