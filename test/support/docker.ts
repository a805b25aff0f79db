import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Whether a container engine answers within a second; asked before testcontainers, which takes long to say no. */
export async function dockerAnswers(): Promise<boolean> {
  const host = process.env['DOCKER_HOST'];
  if (host !== undefined && host.startsWith('tcp://')) {
    const { hostname, port } = new URL(host);
    return ping({ host: hostname, port: Number(port || 2375) });
  }
  const sockets =
    host !== undefined && host.startsWith('unix://')
      ? [host.slice('unix://'.length)]
      : [
          '/var/run/docker.sock',
          join(process.env['XDG_RUNTIME_DIR'] ?? '/run', 'docker.sock'),
          join(homedir(), '.docker/run/docker.sock'),
        ];
  for (const socketPath of sockets) {
    if (existsSync(socketPath) && (await ping({ socketPath }))) return true;
  }
  return false;
}

function ping(target: { socketPath: string } | { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request({ ...target, path: '/_ping', timeout: 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.once('timeout', () => call.destroy());
    call.once('error', () => resolve(false));
    call.once('close', () => resolve(false));
    call.end();
  });
}
