import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { certificateAuthority, certificateFolder } from '../support/certificates.ts';
import { root, startNomnom } from '../support/nomnom.ts';
import { freePort } from '../support/process.ts';

/** The exit status of the image's health check for a process; in the image, that is process 1. */
async function health(
  path: '/healthz' | '/readyz',
  pid: number | undefined,
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const asked = [join(root, 'packaging/image-health.js'), path, String(pid)];
  const check = spawn(process.execPath, asked, { env });
  const [status] = (await once(check, 'close')) as [number];
  return status;
}

// The health check reads the options of the role where only Linux has them.
test.skipIf(process.platform !== 'linux').each([
  ['by PORT', (port: string) => ({ env: { PORT: port }, options: [] })],
  ['by --port, whatever PORT says', (port: string) => ({ env: { PORT: '1' }, options: [`--port=${port}`] })],
  ['by -p', (port: string) => ({ env: {}, options: ['-p', port] })],
  ['at one address', (port: string) => ({ env: { PORT: port }, options: ['--host', '127.0.0.2'] })],
  [
    'with a certificate',
    (port: string) => {
      const { certificate, key } = certificateAuthority(certificateFolder(), 'role');
      return { env: { PORT: port }, options: [`--tls-cert=${certificate}`, '--tls-key', key] };
    },
  ],
])('the health check of the image finds a role that serves %s', async (_, told) => {
  const { env, options } = told(String(await freePort()));
  // Nobody listens there: a role answers probes while its servers are away.
  const servers = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };
  const command = ['run', join(root, 'pipelines/minimal.nom'), '--role=worker', ...options];
  const role = startNomnom(command, { env: { ...env, ...servers } });
  try {
    await role.printed(/"msg":"listening"/);
    expect(await health('/healthz', role.child.pid, env)).toBe(0);
    expect(await health('/readyz', role.child.pid, env)).toBe(1);
    await role.stop();
    expect(await health('/healthz', role.child.pid, env)).toBe(1);
  } finally {
    role.child.kill('SIGKILL');
  }
});
