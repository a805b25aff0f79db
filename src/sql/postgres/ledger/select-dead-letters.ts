import { DEAD_LETTER_COLUMNS } from './dead-letter-columns.ts';

const WHERE = `
WHERE d.pipeline = $1
  AND ($2::uuid[] IS NULL OR d.message_id = ANY ($2))
  AND ($3::text[] IS NULL OR d.entity_type = ANY ($3))
  AND ($4::text[] IS NULL OR d.error_code = ANY ($4))
  AND ($5::float8 IS NULL OR d.failed_at >= to_timestamp($5))
  AND ($6::float8 IS NULL OR d.failed_at < to_timestamp($6))
  AND ($7::boolean OR d.replayed_at IS NULL)`;

export const COUNT_DEAD_LETTERS = { text: `SELECT count(*) AS count FROM dead_letters AS d ${WHERE}` };

export const COUNT_BY_CODE = {
  text: `
SELECT d.entity_type, d.error_code, count(*) AS n,
  to_char(max(d.failed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS last_at
FROM dead_letters AS d WHERE d.pipeline = $1 AND d.replayed_at IS NULL
GROUP BY d.entity_type, d.error_code ORDER BY n DESC, d.entity_type, d.error_code`,
};

export const READ_NEWEST = {
  text: `SELECT ${DEAD_LETTER_COLUMNS} FROM dead_letters AS d ${WHERE} ORDER BY d.id DESC LIMIT $8::bigint`,
};

/** Pages by id, so that letters that come or go meanwhile neither repeat nor hide others. */
export const READ_PAGE = {
  text: `SELECT ${DEAD_LETTER_COLUMNS} FROM dead_letters AS d ${WHERE} AND d.id > $8::bigint ORDER BY d.id LIMIT $9::bigint`,
};

export const READ_FULL = {
  text: `
SELECT ${DEAD_LETTER_COLUMNS}, d.body, d.headers::text AS headers
FROM dead_letters AS d WHERE d.id = ANY ($1::bigint[]) ORDER BY d.id`,
};
