import type { DeadLetter, FullDeadLetter } from '../../ports/dead-letters.ts';
import type { CodeReport } from '../../roles/dead-letters/simulate.ts';
import { utf8Text } from '../../plan/evaluate-message.ts';
import { tableText } from './table.ts';
import { visible } from '../../text/visible.ts';
import { visibleBody } from '../visible.ts';

/** A dead letter as scripts read it; keys as in the answers of the ingest role. */
export function letterData(letter: DeadLetter) {
  return {
    message_id: letter.messageId,
    entity_type: letter.entity,
    generation: letter.generation,
    received_at: letter.receivedAt,
    failed_at: letter.failedAt,
    attempts: letter.attempts,
    error: letter.error,
    size: letter.size,
    replayed_at: letter.replayedAt,
  };
}

/** With headers and body: `body` is text, or `body_base64` where the bytes are not UTF-8. */
export function fullData(letter: FullDeadLetter) {
  const text = utf8Text(letter.body);
  return {
    ...letterData(letter),
    headers: letter.headers,
    ...(text === undefined ? { body_base64: Buffer.from(letter.body).toString('base64') } : { body: text }),
  };
}

export function listText(letters: readonly DeadLetter[]): string {
  const replays = letters.some(({ replayedAt }) => replayedAt !== null);
  return tableText(
    [
      ...['MESSAGE ID', 'ENTITY', 'CODE', 'FIELD', 'POINTER', 'FAILED AT', 'ATTEMPTS'],
      ...(replays ? ['REPLAYED AT'] : []),
    ],
    letters.map(({ messageId, entity, error, failedAt, attempts, replayedAt }) => [
      messageId,
      entity,
      error.code,
      error.field,
      error.pointer,
      toTheSecond(failedAt),
      String(attempts),
      ...(replays ? [replayedAt === null ? '' : toTheSecond(replayedAt)] : []),
    ]),
  );
}

function toTheSecond(time: string): string {
  return time.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
}

export function fullText(letter: FullDeadLetter): string {
  const { error } = letter;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['message', letter.messageId],
    ['entity', letter.entity],
    ['error', `${error.code}: ${error.message}`],
    ['field', error.field],
    ['pointer', error.pointer],
    ['constraint', error.constraint],
    ['rule', error.source],
    ['received', letter.receivedAt],
    ['failed', letter.failedAt],
    ['attempts', String(letter.attempts)],
    ['generation', letter.generation === 0 ? undefined : String(letter.generation)],
    ['replayed', letter.replayedAt ?? undefined],
    ...Object.entries(letter.headers).map(([name, value]) => [`header ${name}`, value] as const),
    ['body', `${letter.size} bytes`],
  ];
  const shown = facts.filter(
    (fact): fact is readonly [string, string] => fact[1] !== undefined && fact[1] !== '',
  );
  const width = Math.max(...shown.map(([name]) => visible(name).length));
  const lines = shown.map(([name, value]) => `${visible(name).padEnd(width)}  ${visible(value)}\n`);
  return `${lines.join('')}\n${visibleBody(letter.body)}\n`;
}

export function simulationText(reports: readonly CodeReport[]): string {
  const sum = (of: (report: CodeReport) => number) => reports.reduce((total, each) => total + of(each), 0);
  const letters = sum((each) => each.letters);
  const decides = sum((each) => each.postgresDecides);
  const lines = [
    `${sum((each) => each.passes)} of ${letters} dead letters would pass now\n`,
    ...(decides === 0 ? [] : [`of ${decides} more only Postgres can tell, which refused them before\n`]),
    '\n',
    tableText(
      ['OLD CODE', 'LETTERS', 'PASS', 'POSTGRES DECIDES', 'FAIL'],
      reports.map((each) => [
        each.code,
        ...[each.letters, each.passes, each.postgresDecides, each.fails].map(String),
      ]),
    ),
  ];
  const reasons = reports.flatMap(({ code, reasons }) => reasons.map((reason) => ({ old: code, ...reason })));
  if (reasons.length > 0) {
    lines.push(
      '\nhow the others would fail:\n',
      tableText(
        ['OLD CODE', 'NEW CODE', 'FIELD', 'LETTERS', 'FOR EXAMPLE', 'MESSAGE'],
        reasons.map((each) => [
          each.old,
          each.code,
          each.field,
          String(each.letters),
          each.example,
          each.message,
        ]),
      ),
    );
  }
  return lines.join('');
}
