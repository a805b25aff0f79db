import { expect, test } from 'vitest';
import type { Difference } from '../../../src/ports/queue.ts';
import { refusalText } from '../../../src/roles/setup/refusal.ts';

const subjects: Difference = {
  code: 'NOM903',
  what: 'stream TPCH, subjects',
  expected: 'tpch.ingest.*',
  found: 'messages.>',
  fixable: true,
};
const retention: Difference = {
  code: 'NOM903',
  what: 'stream TPCH, retention',
  expected: 'workqueue',
  found: 'limits',
  fixable: false,
};

test('nothing is refused where the servers agree with the plan', () => {
  expect(refusalText('shop.nom', [])).toBeUndefined();
});

test('a refusal names both values of every difference, and the command that fixes it', () => {
  expect(refusalText('pipelines/tpch.nom', [retention, subjects])).toBe(
    `the live servers differ from pipelines/tpch.nom in 2 places

  NOM903 stream TPCH, subjects: the plan says tpch.ingest.*, the server has messages.>
  fixed by: nomnom apply pipelines/tpch.nom

  NOM903 stream TPCH, retention: the plan says workqueue, the server has limits
  fix these yourself, because a change could lose data: change the server or pipelines/tpch.nom, then check with: nomnom apply pipelines/tpch.nom`,
  );
});
