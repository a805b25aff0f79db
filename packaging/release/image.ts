import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { channel } from './channel.ts';
import { folder, IMAGE, manifest } from './places.ts';
import { login } from './login.ts';
import { dryRun, NOT_HERE, printed, refuse, run } from './step.ts';

/**
 * Builds the image for two platforms and pushes it, with a bill of materials and a statement of how it was built. In a dry run
 * it builds the image of this platform, which stays in the engine. Gives a workflow the digest as its output `digest`.
 */
if (printed('docker', ['version', '--format', '{{.Server.Version}}']) === undefined)
  refuse('no container engine answers', NOT_HERE);
// Debian's client builds with BuildKit only where it is told to.
process.env['DOCKER_BUILDKIT'] ??= '1';
const { version } = manifest;
const commit = printed('git', ['rev-parse', 'HEAD']) ?? 'unknown';
const seconds = printed('git', ['log', '-1', '--format=%ct']) ?? '0';
const named = channel().imageTags.map((tag) => `${IMAGE}:${tag}`);
const options = [
  ...named.flatMap((name) => ['--tag', name]),
  ...[`VERSION=${version}`, `REVISION=${commit}`, `SOURCE_DATE_EPOCH=${seconds}`].flatMap((argument) => [
    '--build-arg',
    argument,
  ]),
];
if (dryRun) {
  run('docker', ['build', ...options, '.']);
  const size = printed('docker', ['image', 'inspect', '--format', '{{.Size}} bytes {{.Id}}', named[0] ?? '']);
  process.stdout.write(`${named[0]}: ${size}\nwould push: ${named.join(', ')}\n`);
} else {
  login('docker', ['login']);
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), 'nomnom-release-'));
  process.once('exit', () => rmSync(work, { recursive: true, force: true }));
  const file = join(work, 'image.json');
  const platforms = ['--platform', 'linux/amd64,linux/arm64'];
  const statements = ['--sbom=true', '--provenance=mode=max', '--metadata-file', file];
  run('docker', ['buildx', 'build', ...options, ...platforms, ...statements, '--push', '.']);
  const facts = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
  const digest = facts['containerimage.digest'];
  if (typeof digest !== 'string') refuse('docker gave no digest of the image');
  process.stdout.write(`${named[0]}: ${digest}\n`);
  const outputs = process.env['GITHUB_OUTPUT'];
  if (outputs !== undefined) appendFileSync(outputs, `digest=${digest}\n`);
}
