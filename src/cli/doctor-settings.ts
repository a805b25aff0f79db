import { fileReason } from '../files/file-reason.ts';
import { LARGEST, readNamedFile } from '../files/named-file.ts';
import type { RolePlan } from '../plan/plan.ts';
import type { DoctorOptions } from '../runtime/doctor.ts';
import { faultsIn } from './faults-in.ts';
import { natsSettings } from './nats-settings.ts';
import { roleFaults, type RoleFlags, roleSettings } from './role-settings.ts';
import type { ServerFlags } from './server-settings.ts';
import { ledgerSchema, requiredDatabase, setting } from './settings.ts';

/** Each setting of a server by itself: those of NATS are looked at where the database has none that can be used, and the other way round. */
export function doctorSettings(flags: ServerFlags): Pick<DoctorOptions, 'database' | 'nats'> {
  return { database: databaseOf(flags), nats: natsOf(flags) };
}

function databaseOf(flags: ServerFlags): DoctorOptions['database'] {
  const reads = [() => requiredDatabase(flags.databaseUrl), () => ledgerSchema(flags.ledgerSchema)];
  const faults = faultsIn(reads);
  if (faults.length > 0) return { faults };
  return { url: requiredDatabase(flags.databaseUrl), ledgerSchema: ledgerSchema(flags.ledgerSchema) };
}

/** Those that only count beside NATS_URL. */
const NATS = [
  'NATS_USER',
  'NATS_PASSWORD',
  'NATS_TOKEN',
  'NATS_CREDS',
  'NATS_NKEY',
  'NATS_CA',
  'NATS_CERT',
  'NATS_KEY',
  'NATS_TLSFIRST',
] as const;

function natsOf({ natsUrl }: ServerFlags): DoctorOptions['nats'] {
  const url = () => setting('NATS_URL', { name: '--nats-url', value: natsUrl });
  const ofUrl = faultsIn([url]);
  const faults =
    ofUrl.length > 0 || url() !== undefined
      ? [...ofUrl, ...faultsIn(NATS.map((name) => () => setting(name)))]
      : [];
  const whole = faults.length > 0 ? faults : faultsIn([() => natsSettings(natsUrl)]);
  if (whole.length > 0) return { faults: whole };
  const found = natsSettings(natsUrl);
  const { credsFile, nkeyFile, caFile, certFile, keyFile } = found.natsAccess;
  const ofFiles = [
    ...unusable('NATS_CREDS', credsFile, /BEGIN NATS USER JWT/, 'no NATS credentials'),
    ...unusable('NATS_NKEY', nkeyFile, /^S[A-Z2-7]{20,}$/m, 'no seed of an nkey'),
    ...unusable('NATS_CA', caFile, CERTIFICATE, 'no certificate (PEM)'),
    ...unusable('NATS_CERT', certFile, CERTIFICATE, 'no certificate (PEM)'),
    ...unusable('NATS_KEY', keyFile, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'no key (PEM)'),
  ];
  return ofFiles.length > 0 ? { faults: ofFiles } : found;
}

const CERTIFICATE = /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/;

/** A server that is away, or does not speak TLS, would hide what is wrong with a file. */
function unusable(name: string, path: string | undefined, form: RegExp, lacks: string): readonly string[] {
  if (path === undefined) return [];
  try {
    return form.test(readNamedFile(path, LARGEST.certificates).toString('utf8'))
      ? []
      : [`${name}: ${path} holds ${lacks}`];
  } catch (error) {
    return [`${name}: ${path} cannot be read: ${fileReason(error)}`];
  }
}

/** Of the process that would run the role. */
export function startOf(role: RolePlan, flags: RoleFlags): NonNullable<DoctorOptions['start']> {
  const faults = roleFaults(flags);
  return { role, settings: faults.length > 0 ? { faults } : roleSettings(role, flags) };
}
