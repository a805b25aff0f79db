import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const codesOf = (subject: string): readonly string[] =>
  analyze({
    name: 'a.nom',
    text: `entity A { id: int  store a { key (id)  upsert on (id) } }
stream S { subject ingest = "${subject}" }
role ingest { publish S.ingest }
role worker { consume S.ingest }`,
  }).findings.map(({ code }) => code);

test.each(['{entity}.in', '{entity}.in.more', '>'])(
  'a subject %j would hold the subjects of the server itself, so JetStream refuses its stream',
  (subject) => expect(codesOf(subject)).toContain('NOM501'),
);

test.each(['{entity}', 'in.{entity}', 'in.{entity}.more'])('a subject %j holds none of them', (subject) =>
  expect(codesOf(subject)).not.toContain('NOM501'),
);
