import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { planOf } from '../support/plan.ts';

const plan = planOf(readFileSync(new URL('../examples/hl7.nom', import.meta.url), 'utf8'), 'hl7.nom');

const ADMISSION = [
  'MSH|^~\\&|ADT|CLINIC|LAB|CLINIC|20240131103000||ADT^A01|4711|P|2.5',
  'PID|1||77 ^^^HOSP^MR~88^^^SSA||Lee^Ann',
  'PV1|1|I|ICU^12^B',
  'DG1|1||I10^Hypertension^ICD10|||A',
  'DG1|2||E11.9^Diabetes^ICD10|||W',
  'DG1|3||""',
  'PR1|1|||||||^|||S1^Who',
  'PR1|2|||||||A7|||',
];

function rowsOf(body: string): unknown {
  const evaluation = plan.entities[0]?.evaluate({
    body,
    headers: { 'x-filename': 'CLINIC_20240131.hl7' },
    messageId: '00000000-0000-7000-8000-000000000000',
    receivedAt: 0,
  });
  if (evaluation?.kind !== 'rows') return evaluation?.rejection;
  const found: Record<string, unknown[]> = {};
  for (const { table, rows } of evaluation.writes) {
    const { name, columns } = plan.tables[table] ?? { name: '', columns: [] };
    const values = rows.map((row) => columns.map((column, at) => column.toJson(row[at] ?? null)));
    found[name] = [...(found[name] ?? []), ...values];
  }
  return found;
}

test('an admission becomes a facility, diagnoses and providers', () => {
  expect(rowsOf(ADMISSION.join('\r'))).toEqual({
    facility: [['CLINIC']],
    patient_diagnosis: [
      ['I10', 'ICD10', 'admitting', 'CLINIC', '77', 'ICU'],
      ['E11.9', 'ICD10', 'working', 'CLINIC', '77', 'ICU'],
    ],
    provider: [
      [expect.stringMatching(/^[0-9a-f-]{36}$/), 'CLINIC', 'S1', 'surgeon'],
      [expect.stringMatching(/^[0-9a-f-]{36}$/), 'CLINIC', 'A7', 'anesthetist'],
    ],
  });
});

test('the same message in other characters, line ends and frame gives the same rows', () => {
  const other: Readonly<Record<string, string>> = { '|': '#', '^': ':', '~': '*', '\\': '!', '&': '+' };
  const translated = ADMISSION.map((segment) =>
    segment.replaceAll(/[|^~\\&]/g, (each) => other[each] ?? each),
  );
  const expected = rowsOf(ADMISSION.join('\r'));
  expect(rowsOf(translated.join('\r'))).toEqual(expected);
  expect(rowsOf(ADMISSION.join('\n'))).toEqual(expected);
  expect(rowsOf(`\v${ADMISSION.join('\r\n')}\r\n\u001c\r`)).toEqual(expected);
});

test('a message without a patient is rejected with the reason of the program', () => {
  expect(rowsOf(ADMISSION.filter((segment) => !segment.startsWith('PID')).join('\r'))).toMatchObject({
    code: 'failed',
    field: 'Message.pid',
    message: expect.stringContaining('no PID segment'),
  });
});
