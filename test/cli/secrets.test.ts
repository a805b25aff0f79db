import { expect, test } from 'vitest';
import { nomnom } from '../support/nomnom.ts';

const FILE = 'pipelines/stripe.nom';
const nowhere = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

test('a role without its secret ends at once, and says where a value may come from', async () => {
  const { status, out, err } = await nomnom(['run', FILE, '--role', 'ingest'], { env: nowhere });
  expect([status, out]).toEqual([1, '']);
  expect(
    err
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(':')[0]),
  ).toEqual(['nomnom', 'help']);
  expect(err).toContain('set the environment variable STRIPE_WEBHOOK');
  expect(err).toContain('STRIPE_WEBHOOK_FILE');
});

test('what a file says of a secret is its name, also where the process has a value', async () => {
  const env = { STRIPE_WEBHOOK: 'whsec_top' };
  const { status, out } = await nomnom(['explain', FILE], { env });
  expect(status).toBe(0);
  expect(out).toContain('signed by stripe(STRIPE_WEBHOOK)');
  expect(out).toContain('on_refused: dead_letter');
  expect(out).not.toContain('whsec_top');
});
