import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { fileReason } from '../../src/files/file-reason.ts';
import { readNamedFile } from '../../src/files/named-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'nomnom-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);
writeFileSync(path('text'), 'secret\n');
symlinkSync(path('text'), path('link'));
symlinkSync(path('circle'), path('circle'));
execFileSync('mkfifo', [path('fifo')]);

function reasonFor(name: string, most = 1000, within?: number): string {
  try {
    return `read ${readNamedFile(name, most, within).length} bytes`;
  } catch (error) {
    return fileReason(error);
  }
}

test('a regular file is read, also through a link, as orchestrators mount secrets', () => {
  expect(readNamedFile(path('text'), 7).toString()).toBe('secret\n');
  expect(readNamedFile(path('link'), 7).toString()).toBe('secret\n');
  expect(reasonFor('/proc/self/limits', 64 * 1024)).toMatch(/^read \d{3,} bytes$/);
});

test('a socket is none', async () => {
  const server = createServer().listen(path('socket'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  expect(reasonFor(path('socket'))).toBe('it is a socket, not a regular file');
});

test.each([
  [path('none'), 'it does not exist'],
  [folder, 'it is a folder'],
  [path('circle'), 'its links lead in a circle'],
  [join(path('text'), 'more'), 'a part of the path is not a folder'],
  [path('fifo'), 'it is a FIFO, not a regular file'],
  ['/dev/zero', 'it is a device, not a regular file'],
  ['/dev/tty', 'it is a device, not a regular file'],
  ['/dev/null', 'it is a device, not a regular file'],
])('%s is refused at once: %s', (name, reason) => {
  expect(reasonFor(name)).toBe(reason);
});

test('a file with more bytes than what it is for is refused, whatever it says of its size', () => {
  expect(reasonFor(path('text'), 6)).toMatch(/^it has more than /);
  // Says that it has no bytes.
  expect(reasonFor('/proc/self/limits', 10)).toMatch(/^it has more than /);
});

const module = fileURLToPath(new URL('../../src/files/named-file.ts', import.meta.url));

/** What a process says that reads `name` twice, started by a shell as a person would. */
function inShell(command: string, name: string, within = 30_000): string {
  const script = `
    import { readNamedFile } from ${JSON.stringify(module)};
    try {
      for (let at = 0; at < 2; at += 1) console.log(readNamedFile(process.argv[1], 1000, ${within}).toString().trim());
    } catch (error) { console.log(error.message); }`;
  return execFileSync('bash', ['-c', command, 'bash', process.execPath, script, name], { encoding: 'utf8' });
}

const node = '"$1" --input-type=module -e "$2"';

test('a pipe that a shell passes on is read to its end, and gives the same when it is read again', () => {
  expect(inShell(`${node} <(echo one; sleep 0.2; echo two)`, '')).toBe('one\ntwo\none\ntwo\n');
  expect(inShell(`echo piped | ${node} /dev/stdin`, '')).toBe('piped\npiped\n');
  expect(inShell(`${node} /dev/stdin < "$3"`, path('text'))).toBe('secret\nsecret\n');
  expect(inShell(`${node} /dev/stdin <<< here`, '')).toBe('here\nhere\n');
});

test('a pipe without an end is left, by its bytes or by its time', () => {
  expect(inShell(`${node} <(yes)`, '')).toMatch(/^it has more than /);
  // The shell holds the other end, so that no process is left.
  expect(inShell(`exec 9<> "$3"; ${node} /dev/fd/9`, path('fifo'), 300)).toBe(
    'it did not come to its end within 0.3 s\n',
  );
  expect(inShell(`${node} /dev/stdin < /dev/zero`, '')).toBe('it is a device, not a regular file\n');
});

test('a FIFO that somebody writes into is not read either: whoever waits for its reader goes on waiting', () => {
  const writer = spawn('sh', ['-c', 'echo secret > "$0"', path('fifo')], { stdio: 'ignore' });
  onTestFinished(() => {
    writer.kill('SIGKILL');
  });
  expect(reasonFor(path('fifo'))).toBe('it is a FIFO, not a regular file');
  expect(writer.exitCode).toBe(null);
});

test('no descriptor is left open', () => {
  const next = (): number => {
    const fd = openSync(path('text'), 'r');
    closeSync(fd);
    return fd;
  };
  const before = next();
  for (const name of ['text', 'none', 'fifo', 'circle']) reasonFor(path(name), 3);
  expect(next()).toBe(before);
});
