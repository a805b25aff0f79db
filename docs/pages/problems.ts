import { STATUS_CODES } from 'node:http';
import { PROBLEM_STATUS } from '../../src/http/problem.ts';
import { code, table } from './markdown.ts';

interface Entry {
  readonly when: string;
  readonly help: string;
}

/** What leads to each error answer, and what the client does. The type holds it against the codes in both directions. */
const entries: Readonly<Record<keyof typeof PROBLEM_STATUS, Entry>> = {
  bad_request: {
    when: 'The request is not valid HTTP/1.1 or 1.0, has a header twice that counts once, its path cannot be read, or the client went away before the end of the body.',
    help: 'Correct the request. The same one fails again.',
  },
  invalid_json: {
    when: 'The body is not JSON, or in a batch the array is not closed. `line` and `column` say where.',
    help: 'Correct the body.',
  },
  invalid_utf8: { when: 'The body is not UTF-8.', help: 'Send UTF-8.' },
  invalid_header: {
    when: 'A header that the entity reads (`@header`) is not UTF-8. `header` names it.',
    help: 'Encode the value as UTF-8.',
  },
  invalid_idempotency_key: {
    when: 'The `Idempotency-Key` is empty, longer than 255 characters, or has spaces or characters outside of ASCII.',
    help: 'Choose a key of 1 to 255 visible ASCII characters, such as a UUID.',
  },
  invalid_message_id: {
    when: '`GET /status/ID` was asked for something other than a UUID.',
    help: 'Ask for the `message_id` of a 202 answer.',
  },
  batch_of_raw: {
    when: 'A batch was sent to an entity that takes the raw body (`@body`).',
    help: 'Send each message to `POST /ingest/ENTITY`.',
  },
  batch_of_signed: {
    when: 'A batch was sent to an entity with `signed by`. Its sender signs single messages.',
    help: 'Send each message to `/ingest/ENTITY`.',
  },
  bad_signature: {
    when: 'The request has no signature, or one that is not of the sender that the entity expects, of this body, and of the last five minutes. The answer never says which.',
    help: 'Compare the secret of the sender with that of the role, and see that nothing between them changes the body. [Webhooks](../webhooks.md) lists what each scheme signs.',
  },
  certificate_required: {
    when: 'The role was started with `--tls-client-ca`, and the connection has no certificate of these authorities. `/healthz`, `/livez` and `/readyz` need none.',
    help: 'Connect with a certificate that one of them has signed.',
  },
  unauthorized: {
    when: 'The pipeline has keys, and the request has none, a wrong one or one that has ended. The header `WWW-Authenticate` says how to send it.',
    help: 'Send a key as `Authorization: Bearer KEY`. `nomnom keys` creates and lists them.',
  },
  forbidden: {
    when: 'The key is right, and does not have the scope or the entity that the request needs.',
    help: 'Use another key, or create one with `--scope` and `--entity`.',
  },
  host_not_allowed: {
    when: 'there is no key, and the request names another host than this machine',
    help: 'Send to `localhost` or `127.0.0.1`, or create a key: a page whose name means this machine could read the answers otherwise.',
  },
  origin_not_allowed: {
    when: 'A page of another site sends without a key to a pipeline that has none.',
    help: 'Allow the origin with `--cors-origin`, or send with a key.',
  },
  unknown_route: { when: 'There is no such path.', help: 'Look at the paths in the README.' },
  unknown_entity: {
    when: 'The role accepts no entity of this name. `known` lists those that it accepts.',
    help: 'Correct the name, or send to the role that accepts the entity.',
  },
  unknown_message: {
    when: 'No status of this id is kept: it was never accepted, or it was settled longer ago than `keep_statuses`.',
    help: 'Check the id. A message that was just accepted has its status within a moment.',
  },
  method_not_allowed: {
    when: 'The path exists and takes another method, which the header `Allow` names.',
    help: 'Use that method.',
  },
  request_timeout: {
    when: 'The headers did not arrive in time, or the body came with less than 240 bytes a second.',
    help: 'Send again; the message was not stored.',
  },
  too_large: {
    when: 'The body is larger than the role takes. `limit` has the number of bytes.',
    help: 'Send smaller messages or batches, or raise `body_limit` or `batch_limit` of the role.',
  },
  unsupported_media_type: {
    when: 'The body is compressed, a form of several parts, in another character set, or its `Content-Type` cannot be read.',
    help: 'Send the message itself as UTF-8, not compressed.',
  },
  expectation_failed: {
    when: 'The request has an `Expect` header that is not `100-continue`. The connection ends with the answer.',
    help: 'Send the request without it.',
  },
  idempotency_key_reused: {
    when: 'The `Idempotency-Key` was used for another body or other headers before.',
    help: 'Use a new key for a new message. The first message keeps its effect.',
  },
  rate_limited: {
    when: 'The key or the address has sent as many messages as it may. `retry_after` and the header `Retry-After` have the seconds until the next.',
    help: 'Send again after `Retry-After`, or raise the rate of the key. Nothing was stored.',
  },
  headers_too_large: {
    when: 'The headers of the request are too large.',
    help: 'Send fewer or shorter headers.',
  },
  internal: {
    when: 'The server met a bug of its own. Its log says where.',
    help: 'Report it. The message may or may not be stored: send it again under the same `Idempotency-Key`.',
  },
  queue_full: {
    when: 'The queue takes no more messages; this one is not stored.',
    help: 'Send again after `Retry-After`. See [QUEUE_FULL](failures.md#queue_full).',
  },
  queue_unavailable: {
    when: 'The queue did not confirm the message, which may or may not be stored.',
    help: 'Send again under the same `Idempotency-Key`. See [QUEUE_UNAVAILABLE](failures.md#queue_unavailable).',
  },
  queue_misconfigured: {
    when: 'The stream is missing or does not capture the subject; the message is not stored.',
    help: 'Run `nomnom apply`, then send again. See [QUEUE_MISCONFIGURED](failures.md#queue_misconfigured).',
  },
  too_busy: {
    when: 'Too many messages, bodies or batches are in work, also after a batch has waited two seconds for its turn, or the process is under pressure. Nothing was stored.',
    help: 'Send again after `Retry-After`, or start more processes of the role.',
  },
  not_ready: {
    when: 'The role cannot accept messages now; `reasons` and `/readyz` say why.',
    help: 'Send again after `Retry-After`, or to another process.',
  },
  stopping: { when: 'The process is stopping.', help: 'Send again, to another process.' },
  store_unavailable: {
    when: 'The status is in Postgres, which cannot be reached.',
    help: 'Ask again after `Retry-After`. See [STORE_UNAVAILABLE](failures.md#store_unavailable).',
  },
};

/** `docs/reference/problems.md`: every error answer of the HTTP server. */
export function problemsPage(): string {
  const problems = Object.entries(PROBLEM_STATUS).map(([name, status]) => ({
    name,
    status,
    ...entries[name as keyof typeof PROBLEM_STATUS],
  }));
  return [
    '# Problems',
    'An error answer is `application/problem+json` (RFC 9457) with the members `status`, `title`, `code`, `pointer` and `message`.',
    'Every 429 and 503 has the header `Retry-After`. A message that its entity refuses is a 422 with one of the',
    '[codes of rejected messages](types.md#codes-of-rejected-messages); these are the codes of all other answers.',
    'Where more than one thing is wrong with the message, the 422 also has `faults`: all of them, at most 20, the first one too, each',
    'with `code`, `field`, `pointer` and `message`. So have the elements of a batch report, dead letters, `eval`, `test` and `send`.',
    '',
    table(
      ['code', 'status'],
      problems.map(({ name, status }) => [`[${name}](#${name})`, `${status} ${STATUS_CODES[status] ?? ''}`]),
    ),
    ...problems.map(
      ({ name, status, when, help }) =>
        `\n## ${name}\n\n${code(`${status} ${STATUS_CODES[status] ?? ''}`)}\n\n**Cause.** ${when}\n\n**What to do.** ${help}`,
    ),
  ].join('\n');
}
