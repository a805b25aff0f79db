import { describe, expect, test } from 'vitest';
import { customer, openRig, order, QUEUES, shop } from './rig.ts';

describe.each(QUEUES)('on_poison: halt over %s', (kind) => {
  test('the role ends, nothing is recorded, and the message is there for the next start', async () => {
    const rig = await openRig(kind, shop('on_poison: halt'));
    const worker = rig.work();
    const [broken = '', good = ''] = await rig.publish([
      { entity: 'Customer', body: { customer_key: 1, name: 'x'.repeat(26) } },
      customer(2),
    ]);
    await expect(worker.ended).rejects.toMatchObject({
      code: 'POISON',
      message: expect.stringMatching(
        new RegExp(`halts because of .on_poison: halt.: Customer ${broken}, too_long at /name$`),
      ),
    });
    expect(worker.state().kind).toBe('stopped');
    expect(await rig.rows('SELECT FROM dead_letters')).toEqual([]);
    expect(await rig.status(broken)).toMatchObject({ status: 'retrying', error: { code: 'too_long' } });
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);

    const restarted = rig.work({
      role: { ...rig.role, settings: { ...rig.role.settings, onPoison: 'dead_letter' } },
    });
    await rig.settled(2);
    expect(await rig.status(broken)).toMatchObject({ status: 'dlq' });
    expect(await rig.status(good)).toMatchObject({ status: 'completed' });
    await restarted.stop();
  });

  test('a message that may recover spends its attempts first', async () => {
    const rig = await openRig(kind, shop('on_poison: halt  attempts: 3  backoff: 10ms..20ms'));
    const worker = rig.work();
    const [orphan = ''] = await rig.publish([order(1, 1, [1], 7)]);
    await expect(worker.ended).rejects.toMatchObject({ code: 'POISON' });
    expect(await rig.status(orphan)).toMatchObject({ status: 'retrying', retryCount: 3 });
    await rig.store.sql.query({ text: `INSERT INTO customers (customer_key, name) VALUES (7, 'came late')` });
    rig.work();
    await rig.settled(1);
    expect(await rig.statuses()).toEqual({ completed: 1 });
  });
});
