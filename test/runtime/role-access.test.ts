import { expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/system-clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { roleAccess } from '../../src/runtime/role-access.ts';
import { memoryLog } from '../support/memory-log.ts';
import { planOf } from '../support/plan.ts';

test('a role that accepts nothing serves its probes where and how it is told, with a certificate too', async () => {
  const plan = planOf('entity Ping { id: int  store pings { key (id)  upsert on (id) keep } }');
  const role = plan.roles.find(({ publishes }) => publishes.length === 0);
  if (role === undefined) throw new Error('the plan has no worker');
  const tls = { certificate: 'tls.crt', key: 'tls.key', clientAuthority: 'ca.crt' };
  const options = {
    plan,
    role,
    // It asks nobody who may send.
    store: {} as Store,
    clock: systemClock,
    log: memoryLog(),
    listen: { port: 8443, host: undefined, tls },
  };
  const { listen } = await roleAccess(options, { record: () => {} });
  expect(listen).toEqual({ port: 8443, host: '0.0.0.0', tls });
});
