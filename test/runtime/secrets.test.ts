import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { analyze } from '../../src/checks/analyze.ts';
import { compilePlan } from '../../src/plan/compile.ts';
import { openSecrets, type SecretOptions } from '../../src/runtime/secrets.ts';
import { memoryLog } from '../support/memory-log.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

const text = `secret SHOP
secret IDLE
entity Order { id: int  signed by standard(SHOP)  store orders { key (id)  upsert on (id) } }`;
const plan = compilePlan(analyze({ name: 'shop.nom', text }).program, 'shop.nom');

function open(environment: Record<string, string>, more: Partial<SecretOptions> = {}) {
  const log = memoryLog();
  const opened = openSecrets({ plan, roles: plan.roles, clock: systemClock, log, environment, ...more });
  return { log, opened };
}

/** Two values of the scheme, in base64 as it wants them. */
const [FIRST, SECOND] = ['whsec_Zmlyc3Q=', 'whsec_c2Vjb25k'] as const;

test('a secret comes from the variable of its name, several values with commas between', async () => {
  const one = await open({ SHOP: FIRST }).opened;
  expect(one.values('SHOP')).toEqual([FIRST]);
  const two = await open({ SHOP: ` ${FIRST}, ,${SECOND},\n` }).opened;
  expect(two.values('SHOP')).toEqual([FIRST, SECOND]);
});

test.each([
  [{}, 'SHOP has none, set the environment variable SHOP or name a file with the value in SHOP_FILE'],
  [{ SHOP: ' , ' }, 'SHOP has none, set the environment variable SHOP or'],
  [{ SHOP: FIRST, SHOP_FILE: '/secret' }, 'both SHOP and SHOP_FILE are set, remove one of them'],
  [{ SHOP_FILE: join(folder, 'missing') }, 'the file that SHOP_FILE names cannot be read: it does not exist'],
  [{ SHOP_FILE: folder }, 'the file that SHOP_FILE names cannot be read: it is a folder'],
  [{ SHOP: 'whsec_no base64' }, 'that of SHOP is not base64 after `whsec_` or `whpk_`'],
  [{ SHOP: `${FIRST},whpk_c2hvcnQ=` }, 'that of SHOP is not an ed25519 public key of 32 bytes'],
])('%j is refused in one line, which shows no value', async (environment, expected) => {
  const message = await open(environment).opened.then(
    () => 'opened',
    (error: Error) => error.message,
  );
  expect(message).toContain(expected);
  expect(message).not.toContain('\n');
  expect(message).not.toMatch(/Zmlyc3Q|no base64|c2hvcnQ/);
});

test('a role that takes no messages needs no secret', async () => {
  const { values } = await open({}, { roles: plan.roles.filter(({ publishes }) => publishes.length === 0) })
    .opened;
  expect(values('SHOP')).toEqual([]);
});

test('a file is read again when it changes, and an unusable one changes nothing', async () => {
  const path = join(folder, 'shop');
  const write = (content: string): void => {
    writeFileSync(`${path}.new`, content);
    renameSync(`${path}.new`, path);
  };
  write(`${FIRST}\n`);
  const { log, opened } = open({ SHOP_FILE: path }, { every: 5 });
  const secrets = await opened;
  expect(secrets.values('SHOP')).toEqual([FIRST]);
  write(`${FIRST},${SECOND}`);
  await until('both values', () => secrets.values('SHOP').length === 2);
  rmSync(path);
  await until('a warning', () => log.lines.some(({ level }) => level === 'warn'));
  write('');
  write(SECOND);
  await until('the second value', () => secrets.values('SHOP')[0] === SECOND);
  secrets.stop();
  expect(JSON.stringify(log.lines)).not.toMatch(/Zmlyc3Q|c2Vjb25k/);
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});
