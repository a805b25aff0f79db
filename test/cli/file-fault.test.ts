import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { executable, nomnom } from '../support/nomnom.ts';
import { canMount, onSmallDisk } from '../support/small-disk.ts';

test('dev in a folder where it can keep nothing says so in one line, without a stack trace', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-fault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'shop'));
  // A file is where the folder of the database would be.
  writeFileSync(join(folder, 'shop', '.nomnom'), '');
  writeFileSync(
    join(folder, 'shop', 'a.nom'),
    'entity A { id: int  store a { key (id)  upsert on (id) } }\n',
  );
  const { status, err } = await nomnom(['dev', 'a.nom', '--port=0'], { cwd: join(folder, 'shop') });
  expect(err).toMatch(/^nomnom: .*\.nomnom.* cannot be written: a part of the path is not a folder$/m);
  expect(err).not.toMatch(/\n\s+at /);
  expect(status).toBe(1);
});

const inFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-fault-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
const mounts = canMount();

// The sizes are of the steps: the lock, the tables of nomnom. The next test has the files of Postgres.
test.skipIf(!mounts).each(['4k', '39000k'])('dev on a disk of %s says that it is full', (size) => {
  const program = join(inFolder(), 'a.nom');
  writeFileSync(program, 'entity A { id: int  store a { key (id)  upsert on (id) } }\n');
  const { status, err } = onSmallDisk(inFolder(), size, [
    process.execPath,
    executable(),
    'dev',
    program,
    '--port=0',
  ]);
  expect(err).toBe('nomnom: .nomnom/postgres cannot be written: the disk is full\n');
  expect(status).toBe(1);
});

test.skipIf(!mounts)(
  'dev on a disk of 3m says that it is full, and makes the database once there is room',
  () => {
    const program = join(inFolder(), 'a.nom');
    writeFileSync(program, 'entity A { id: int  store a { key (id)  upsert on (id) } }\n');
    const dev = `timeout --preserve-status 60 "$0" "$1" dev "$2" --port=0`;
    // The second one ends once it works: it prints the request that sends a message.
    const script = `${dev} > /dev/null; echo "first $?"; ls -A .nomnom/postgres; mount -o remount,size=200m .; cd "$PWD"
: > said; ${dev} > said 2>&1 & dev=$!; until grep -q curl said; do sleep 0.1; kill -0 $dev || exit 3; done
kill -TERM $dev; wait $dev; echo "second $?"`;
    const { out, err } = onSmallDisk(inFolder(), '3m', [
      'sh',
      '-c',
      script,
      process.execPath,
      executable(),
      program,
    ]);
    expect(err).toBe('nomnom: .nomnom/postgres cannot be written: the disk is full\n');
    expect(out).toBe('first 1\nsecond 0\n');
  },
);

/** Starts `dev` on the disk, sends until the disk is full, and waits until both roles have said so. */
const FILLS = `
const { spawn } = require('node:child_process');
const { randomBytes } = require('node:crypto');
const dev = spawn(process.execPath, [process.argv[1], 'dev', process.argv[2], '--port=0', '--log-level=debug']);
let said = '';
dev.stdout.on('data', (data) => (said += data));
dev.stderr.on('data', (data) => (said += data));
dev.on('close', (status) => { console.log(said); console.log('status ' + status); });
const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
(async () => {
  let url;
  while ((url = /POST (http:\\S+)/.exec(said)?.[1]) === undefined) await pause();
  const told = () => /"role":"ingest"[^\\n]*"paused/.test(said) && /"role":"worker"[^\\n]*"the queue [^\\n]*53100/.test(said);
  for (let id = 0; !told(); id += 200) {
    const line = (_, at) => JSON.stringify({ id: id + at, note: randomBytes(700).toString('hex') });
    const answer = await fetch(url + '/batch', { method: 'POST', body: Array.from({ length: 200 }, line).join('\\n') });
    if (answer.status !== 202) await pause();
  }
  dev.kill('SIGTERM');
})();`;

test.skipIf(!mounts)('dev whose disk fills while it runs says so, in the words for a full disk', () => {
  const program = join(inFolder(), 'a.nom');
  writeFileSync(program, 'entity A { id: int  note: text  store a { key (id)  upsert on (id) } }\n');
  const { out } = onSmallDisk(inFolder(), '75m', [process.execPath, '-e', FILLS, executable(), program]);
  expect(out).toMatch(/status 0\n$/);
  const told = out.split('\n').filter((line) => line.includes('53100'));
  expect(told.filter((line) => !line.includes('Postgres has no disk space'))).toEqual([]);
  expect(told.filter((line) => /cannot be reached|UNAVAILABLE/.test(line))).toEqual([]);
  expect(told.join('\n')).toMatch(
    /"role":"worker"[^\n]*"reason":"the queue is full: Postgres has no disk space/,
  );
});

test.skipIf(!mounts).each(['4k', '12k'])('init with room for %s leaves nothing, and says why', (size) => {
  const script = `"$0" "$1" init a/shop -t webshop; echo "status $?"; ls -A`;
  const { out, err } = onSmallDisk(inFolder(), size, ['sh', '-c', script, process.execPath, executable()]);
  expect(err).toBe('nomnom: a/shop cannot be written: the disk is full\n');
  expect(out).toBe('status 1\n');
});

test.skipIf(process.platform !== 'linux')('init where no folder can be made ends, and says so', async () => {
  const { status, err } = await nomnom(['init', '/proc/none/shop'], { cwd: inFolder() });
  expect(err).toBe('nomnom: /proc/none cannot be written: no folder can be made there\n');
  expect(status).toBe(1);
});
