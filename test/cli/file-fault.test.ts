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

// The sizes are of the steps: the lock, the files of Postgres, the tables of nomnom.
test.skipIf(!mounts).each(['4k', '3m', '39000k'])('dev on a disk of %s says that it is full', (size) => {
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

test.skipIf(!mounts)('a database that was not made for want of room is made once there is room', () => {
  const program = join(inFolder(), 'a.nom');
  writeFileSync(program, 'entity A { id: int  store a { key (id)  upsert on (id) } }\n');
  const dev = `timeout --preserve-status 60 "$0" "$1" dev "$2" --port=0`;
  // The second one ends once it works: it prints the request that sends a message.
  const script = `${dev} --quiet; echo "first $?"; ls -A .nomnom/postgres; mount -o remount,size=200m .; cd "$PWD"
${dev} > said & dev=$!; until grep -q curl said; do sleep 0.1; kill -0 $dev || exit 3; done
kill -TERM $dev; wait $dev; echo "second $?"`;
  const { out } = onSmallDisk(inFolder(), '3m', [
    'sh',
    '-c',
    script,
    process.execPath,
    executable(),
    program,
  ]);
  expect(out).toBe('first 1\nsecond 0\n');
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
