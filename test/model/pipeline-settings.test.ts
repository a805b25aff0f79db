import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const T = 'entity T { id: int  store t { key (id)  upsert on (id) } }';

const findingsOf = (settings: string) =>
  analyze({ name: 'a.nom', text: `pipeline shop { ${settings} } ${T}` }).findings.map(
    ({ code, message, help }) => [code, message, help],
  );

test('a pipeline has limits of its messages, each with a default', () => {
  const settingsOf = (text: string) => analyze({ name: 'a.nom', text }).program.settings;
  expect(settingsOf(`pipeline shop ${T}`)).toEqual({ max_depth: 64, max_list_length: 100_000 });
  expect(settingsOf(T)).toEqual({ max_depth: 64, max_list_length: 100_000 });
  expect(settingsOf(`pipeline shop { max_list_length: 1  max_depth: 2 } ${T}`)).toEqual({
    max_depth: 2,
    max_list_length: 1,
  });
  expect(findingsOf('max_depth: 64  max_list_length: 10000000')).toEqual([]);
});

test.each([
  ['max_depht: 5', 'a pipeline has no setting `max_depht`', 'did you mean `max_depth`?'],
  ['colour: 1', 'a pipeline has no setting `colour`', 'known names: `max_depth`, `max_list_length`'],
  ['port: 1', 'a pipeline has no setting `port`', 'it is one of a `role`: move it there'],
  ['max_age: 1d', 'a pipeline has no setting `max_age`', 'it is one of a `stream`: move it there'],
  ['max_depth: 0', '`max_depth` takes a whole number from 1 to 64', undefined],
  ['max_depth: 65', '`max_depth` takes a whole number from 1 to 64', undefined],
  ['max_depth: 5s', '`max_depth` takes a whole number from 1 to 64', 'write `5`'],
  ['max_list_length: 0', '`max_list_length` takes a whole number from 1 to 10000000', undefined],
])('a setting of a pipeline that means nothing is refused: %s', (settings, message, help) => {
  expect(findingsOf(settings)).toEqual([['NOM105', message, help]]);
});

test('a setting of a pipeline that comes twice is refused', () => {
  expect(findingsOf('max_depth: 5  max_depth: 6').map(([code]) => code)).toEqual(['NOM102']);
});

test('a setting that belongs into the pipeline is sent there', () => {
  const text = `${T} role r { consume S.ingest  max_depth: 5 } stream S { subject ingest = "s.{entity}" }`;
  expect(analyze({ name: 'a.nom', text }).findings.find(({ code }) => code === 'NOM105')).toMatchObject({
    help: 'it is one of a `pipeline`: move it there',
  });
});

test('the settings that count are those of the main file; an imported file has none', () => {
  const files: Readonly<Record<string, string>> = {
    'b.nom': 'pipeline other { max_depth: 3 }',
    'a.nom': `import "b.nom" pipeline shop { max_depth: 5 } ${T}`,
  };
  const { program, findings } = analyze({ name: 'a.nom', text: files['a.nom'] ?? '' }, (path) => files[path]);
  expect(program.settings.max_depth).toBe(5);
  expect(findings).toMatchObject([
    {
      code: 'NOM108',
      message: 'an imported file cannot have a `pipeline`',
      help: 'settings of the pipeline stand in that file, and hold for what it imports',
    },
  ]);
});

test.each([
  ['role worker { consume S.i  linger: 25d }', '24d'],
  ['role worker { consume S.i  ack_wait: 25d }', '24d'],
  ['role worker { consume S.i  backoff: 1s..25d }', '24d'],
  ['role worker { consume S.i  keep_statuses: 36501d }', '36500d'],
  ['stream T { subject j = "t.{entity}"  max_age: 106752d }', '36500d'],
])('%s is longer than a timer or JetStream can count', (text, most) => {
  const { findings } = analyze({ name: 'a.nom', text: `stream S { subject i = "s.{entity}" }\n${text}\n` });
  expect(findings.filter(({ code }) => code === 'NOM105')).toMatchObject([
    { message: expect.stringContaining(most) },
  ]);
});
