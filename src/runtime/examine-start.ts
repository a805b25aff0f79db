import { systemClock } from '../adapters/system-clock.ts';
import { endText } from '../http/certificate-end.ts';
import { proveListen } from '../http/prove-listen.ts';
import type { Listen } from '../http/server.ts';
import type { Identity } from '../http/tls.ts';
import type { Plan, RolePlan } from '../plan/plan.ts';
import { Failure } from '../ports/failure.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { type Diagnosis, fail, ok, unusable, warn } from '../roles/doctor/diagnosis.ts';
import { diagnoseFailure } from '../roles/doctor/server.ts';
import type { AccessOptions } from './access.ts';
import { roleAccess } from './role-access.ts';
import { openSecrets, secretsOf } from './secrets.ts';
import type { AskedListen } from './where-to-listen.ts';

/** How a role would be started here. */
export interface Start {
  readonly role: RolePlan;
  /** Settings of the process, or why they cannot be used. */
  readonly settings:
    | { readonly listen: AskedListen; readonly access: AccessOptions }
    | { readonly faults: readonly string[] };
}

/**
 * Tries what a role does before it asks its servers, with the same functions: it reads its secrets and certificates, decides
 * where to listen, and takes the port for a moment. What `run` refuses is a line that fails.
 */
export async function examineStart(
  plan: Plan,
  start: Start,
  store: Store | undefined,
): Promise<readonly Diagnosis[]> {
  const { role, settings } = start;
  const ofSecrets = await told('secrets', () => diagnoseSecrets(plan, role));
  if ('faults' in settings)
    return [...ofSecrets, ...settings.faults.map((fault) => unusable('settings', fault))];
  const ofListening = await told('HTTP', () => diagnoseListening(plan, role, settings, store));
  return [...ofSecrets, ...ofListening];
}

async function diagnoseSecrets(plan: Plan, role: RolePlan): Promise<readonly Diagnosis[]> {
  const secrets = await openSecrets({ plan, roles: [role], clock: systemClock, log: SILENT });
  secrets.stop();
  const names = secretsOf(plan, [role]);
  return names.length === 0 ? [] : [ok('secrets', `each has a usable value: ${names.join(', ')}`)];
}

async function diagnoseListening(
  plan: Plan,
  role: RolePlan,
  settings: { readonly listen: AskedListen; readonly access: AccessOptions },
  store: Store | undefined,
): Promise<readonly Diagnosis[]> {
  const listen =
    store === undefined ? withoutKeys(settings.listen) : await withKeys(plan, role, settings, store);
  const where = `${listen.host}:${listen.port}`;
  let identity: Identity | undefined;
  try {
    identity = await proveListen(listen);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'PORT_IN_USE' || !(await runs(plan, role, store)))
      throw error;
    return [
      warn(
        'HTTP',
        `${where} is taken: role ${role.name} runs, perhaps here`,
        'If it does not run here, choose another port.',
      ),
    ];
  }
  const speaks = listen.tls === undefined ? 'HTTP' : 'HTTPS';
  return [
    ok('HTTP', `role ${role.name} can listen with ${speaks} on ${where}`),
    ...diagnoseCertificate(listen, identity),
  ];
}

/** A role starts with one that has ended, and its senders turn away. */
function diagnoseCertificate({ tls }: Listen, identity: Identity | undefined): readonly Diagnosis[] {
  if (tls === undefined || identity === undefined) return [];
  const text = endText(tls.certificate, identity.validity, systemClock.now());
  if (text === undefined) return [];
  const told = systemClock.now() >= identity.validity.to ? fail : warn;
  return [told('TLS', text, 'Renew it: a running role takes the new files within seconds.')];
}

async function withKeys(
  plan: Plan,
  role: RolePlan,
  settings: { readonly listen: AskedListen; readonly access: AccessOptions },
  store: Store,
): Promise<Listen> {
  const { access, listen } = await roleAccess(
    { plan, role, store, clock: systemClock, log: SILENT, ...settings },
    { record() {} },
  );
  access?.stop();
  return listen;
}

/** Whether other machines would be served depends on keys, which nobody can read now. */
function withoutKeys(asked: AskedListen): Listen {
  return { ...asked, host: asked.host ?? '127.0.0.1' };
}

/** Whether a process of the role is known; where Postgres cannot tell, none is. */
async function runs({ pipeline }: Plan, { name }: RolePlan, store: Store | undefined): Promise<boolean> {
  if (store === undefined) return false;
  const live = await store.ledger.processes.live(pipeline).catch((error: unknown) => {
    if (error instanceof Failure) return [];
    throw error;
  });
  return live.some(({ role }) => role === name);
}

async function told(area: string, ask: () => Promise<readonly Diagnosis[]>): Promise<readonly Diagnosis[]> {
  try {
    return await ask();
  } catch (error) {
    return [diagnoseFailure(area, error)];
  }
}

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
