import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { evaluate, pipelinePath, pipelinePlan } from './pipeline.ts';

const plan = pipelinePlan('hl7.nom');

function messagesIn(folder: string): readonly string[] {
  return readdirSync(pipelinePath(folder)).filter((name) => name.endsWith('.hl7'));
}

function bodyOf(path: string): string {
  return readFileSync(pipelinePath(path), 'utf8');
}

function evaluated(folder: string, name: string) {
  return evaluate(plan, 'Hl7File', bodyOf(`${folder}/${name}`), { 'x-filename': name });
}

const accepted = messagesIn('hl7');

/** Segments in the order of the file, counted by splitting it at line ends and nothing else. */
function segments(name: string, segment: string): number {
  return bodyOf(`hl7/${name}`)
    .split(/[\r\n]+/)
    .filter((line) => line.startsWith(segment)).length;
}

test.each(accepted)('hl7/%s is accepted, and every segment that names something becomes a row', (name) => {
  const result = evaluated('hl7', name);
  if (result.kind === 'rejected') throw new Error(result.rejection.message);
  const { rows } = result;
  const admission = name.includes('_adt-');
  // One AL1 of the admission names no allergen.
  const unnamed = name === 'STMARY_20240115_adt-a01.hl7' ? 1 : 0;
  expect(rows['patient']?.length).toBe(segments(name, 'PID'));
  expect(rows['visit']?.length).toBe(admission ? segments(name, 'PV1') : 0);
  expect(rows['patient_diagnosis']?.length).toBe(segments(name, 'DG1'));
  expect(rows['allergy']?.length).toBe(segments(name, 'AL1') - unnamed);
  expect(rows['lab_order']?.length).toBe(segments(name, 'OBR'));
  expect(rows['lab_result']?.length).toBe(segments(name, 'OBX'));
});

test('the messages are of all three kinds, with every line end and with own encoding characters', () => {
  const texts = accepted.map((name) => bodyOf(`hl7/${name}`));
  for (const kind of [/\bADT.A01\b/, /\bADT.A08\b/, /\bORU.R01\b/])
    expect(texts.some((text) => kind.test(text))).toBe(true);
  expect(texts.some((text) => text.includes('\r') && !text.includes('\n'))).toBe(true);
  expect(texts.some((text) => text.includes('\r\n'))).toBe(true);
  expect(texts.some((text) => text.startsWith('MSH#:*!+#'))).toBe(true);
});

/** Each with its code, field and reason. */
const reasons: Readonly<Record<string, readonly [string, string, string]>> = {
  'STMARY_20240117_bad-time.hl7': ['failed', 'Header.sent_at', 'the day or time does not exist'],
  'STMARY_20240117_long-mrn.hl7': ['too_long', 'Patient.mrn', 'at most 50 characters'],
  'STMARY_20240117_no-mrn.hl7': ['failed', 'Patient.mrn', 'PID-3.1 is empty'],
  'STMARY_20240117_no-patient.hl7': ['failed', 'Message.pid', 'no PID segment'],
  'STMARY_20240117_not-a-number.hl7': ['failed', 'LabResult.number', 'the text is not a number'],
  'STMARY_20240117_not-hl7.hl7': ['check_failed', 'Hl7File', 'a message begins with MSH'],
  'STMARY_20240117_nul.hl7': ['failed', 'Patient.family_name', 'U+0000'],
  'STMARY_20240117_siu.hl7': ['check_failed', 'Header', 'only ADT and ORU'],
  'STMARY_20240117_two-orders.hl7': ['check_failed', 'Message', 'one order'],
  'stmary-20240117.hl7': ['failed', 'FileName.facility_id', 'no facility in the file name'],
};

test('every message that should be rejected is listed here', () => {
  expect(messagesIn('hl7/rejected').toSorted()).toEqual(Object.keys(reasons).toSorted());
});

test.each(Object.entries(reasons))('hl7/rejected/%s is rejected and says why', (name, [code, field, why]) => {
  expect(evaluated('hl7/rejected', name)).toMatchObject({
    kind: 'rejected',
    rejection: { code, field, entity: 'Hl7File', message: expect.stringContaining(why) },
  });
});
