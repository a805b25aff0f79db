import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { pinoLog } from '../../src/adapters/pino-log.ts';
import { openStore } from '../../src/adapters/postgres/store.ts';
import { embeddedFolder } from '../support/embedded-folder.ts';
import { nomnom, startNomnom } from '../support/nomnom.ts';
import { until } from '../support/until.ts';

const shell = promisify(execFile);
const folder = await embeddedFolder();
const dev = startNomnom(['dev', 'pipelines/hl7.nom', '--port', '0', '--data', folder]);
afterAll(() => dev.stop('SIGKILL'));

const files = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `pipelines/hl7/${name}.hl7`);

test('raw messages are sent as files, from the curl that dev prints to the rows of the results', async () => {
  const [curl] = await dev.printed(/curl -X POST .*/);
  const database = (await dev.printed(/psql '(\S+)'/))[1] ?? '';
  const url = /http:\/\/[^/\s]+/.exec(curl)?.[0] ?? '';
  const { stdout } = await shell('/bin/sh', ['-c', `${curl} --silent`]);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'accepted' });

  const results = files(
    'STMARY_20240116_oru-r01',
    'STMARY_20240116_oru-r01-corrected',
    'NORTH_20240201_adt-a01',
  );
  const sent = await nomnom(['send', 'pipelines/hl7.nom', 'Hl7File', ...results, '--url', url]);
  expect(sent).toMatchObject({ status: 0, err: '', out: '3 accepted, 0 rejected\n' });

  const store = openStore({ url: database, max: 1, log: pinoLog({ level: 'silent' }) });
  try {
    const rows = async (text: string) => (await store.sql.query({ text })).rows;
    await until('all four to be completed', async () => {
      const [row] = await rows(`SELECT count(*)::int AS n FROM message_status WHERE status = 'completed'`);
      return row?.['n'] === 4;
    });
    expect(await rows('SELECT facility_id, mrn, family_name, city FROM patient ORDER BY 1')).toEqual([
      { facility_id: 'NORTH', mrn: '4711', family_name: 'Müller-Lüdenscheidt', city: 'Köln' },
      { facility_id: 'STMARY', mrn: '80041', family_name: 'Everywoman-Smith', city: 'Charlotte' },
    ]);
    expect(await rows('SELECT set_id, number::text, flag, status FROM lab_result ORDER BY 1')).toEqual([
      { set_id: 1, number: '128.000000', flag: 'H', status: 'C' },
      { set_id: 2, number: '3.450000', flag: 'L', status: 'F' },
      { set_id: 3, number: '140.000001', flag: 'N', status: 'F' },
      { set_id: 4, number: null, flag: null, status: 'P' },
      { set_id: 5, number: null, flag: 'A', status: 'F' },
      { set_id: 6, number: null, flag: null, status: 'F' },
    ]);
    expect(await rows('SELECT code, severity FROM allergy ORDER BY 1')).toEqual([
      { code: '1545', severity: 'severe' },
      { code: '2670', severity: 'moderate' },
    ]);
  } finally {
    await store.close();
  }

  const wrong = files(
    'rejected/STMARY_20240117_no-mrn',
    'STMARY_20240116_adt-a08',
    'rejected/stmary-20240117',
  );
  const refused = await nomnom(['send', 'pipelines/hl7.nom', 'Hl7File', ...wrong, '--url', url]);
  expect(refused).toMatchObject({ status: 1, err: '' });
  expect(refused.out).toBe(
    `1 accepted, 2 rejected
  pipelines/hl7/rejected/STMARY_20240117_no-mrn.hl7 failed: PID-3.1 is empty
  pipelines/hl7/rejected/stmary-20240117.hl7 failed: no facility in the file name
`,
  );

  const named = await nomnom([
    ...['send', 'pipelines/hl7.nom', 'Hl7File', ...files('rejected/stmary-20240117'), '--url', url],
    ...['--header', 'X-Filename: SOUTH_20240117.hl7'],
  ]);
  expect(named).toMatchObject({ status: 0, err: '', out: '1 accepted, 0 rejected\n' });
});
