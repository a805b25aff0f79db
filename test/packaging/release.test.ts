import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { released, sectionsOf } from '../../packaging/release/changelog.ts';
import { channelOf } from '../../packaging/release/channel.ts';
import { faultsOf } from '../../packaging/release/faults.ts';
import { root } from '../support/nomnom.ts';

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{\n  "version": "1.2.3"\n}\n',
  'package-lock.json':
    '{\n  "version": "1.2.3",\n  "packages": {\n    "": {\n      "version": "1.2.3"\n    }\n  }\n}\n',
  'editors/vscode/package.json': '{\n  "version": "1.2.3"\n}\n',
  Dockerfile: 'FROM a\nARG VERSION=1.2.3\n',
  'deploy/chart/nomnom/Chart.yaml': 'name: nomnom\nversion: 1.2.3\nappVersion: "1.2.3"\n',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-01-31\n\n### Added\n\n- It.\n',
};

function faults(files: Readonly<Record<string, string | undefined>>, tag?: string, changes: string[] = []) {
  const all = { ...FILES, ...files };
  return faultsOf({ tag, changes, read: (path) => all[path] });
}

describe('a release is refused', () => {
  test('never where everything agrees, with its tag or before it', () => {
    expect(faults({}, 'v1.2.3')).toEqual([]);
    expect(faults({})).toEqual([]);
  });

  test.each([
    [
      'the tag is another one',
      {},
      'v1.2.4',
      'the tag is v1.2.4, but package.json has 1.2.3: expected v1.2.3',
    ],
    [
      'the chart has another version',
      { 'deploy/chart/nomnom/Chart.yaml': 'version: 1.2.2\nappVersion: 1.2.3\n' },
      'v1.2.3',
      'deploy/chart/nomnom/Chart.yaml (version) is 1.2.2, but package.json has 1.2.3',
    ],
    [
      'the chart starts another version',
      { 'deploy/chart/nomnom/Chart.yaml': 'version: 1.2.3\n' },
      'v1.2.3',
      'deploy/chart/nomnom/Chart.yaml (appVersion) is missing: expected 1.2.3',
    ],
    [
      'there is no chart',
      { 'deploy/chart/nomnom/Chart.yaml': undefined },
      'v1.2.3',
      'deploy/chart/nomnom/Chart.yaml is missing',
    ],
    [
      'the changelog does not know it',
      { 'CHANGELOG.md': '## Unreleased\n\n- It.\n' },
      'v1.2.3',
      'CHANGELOG.md has no section "## 1.2.3 - DATE": node packaging/release/prepare.ts 1.2.3',
    ],
    [
      'the changelog has more than it',
      { 'CHANGELOG.md': '## Unreleased\n\n- More.\n\n## 1.2.3 - 2026-01-31\n\n- It.\n' },
      'v1.2.3',
      'CHANGELOG.md still has changes under Unreleased: move them to 1.2.3',
    ],
    [
      'the lock file is older',
      {
        'package-lock.json': FILES['package-lock.json']?.replace(
          '      "version": "1.2.3"',
          '      "version": "1.2.2"',
        ),
      },
      'v1.2.3',
      'package-lock.json (version of the first package) is 1.2.2, but package.json has 1.2.3',
    ],
  ])('where %s', (_, files, tag, fault) => {
    expect(faults(files, tag)).toEqual([fault]);
  });

  test('where the tree has changes', () => {
    expect(faults({}, 'v1.2.3', [' M README.md'])).toEqual([
      'the tree has changes:  M README.md; commit them',
    ]);
  });
});

describe('who names no version gets the highest release', () => {
  const release = fc.tuple(fc.nat(3), fc.nat(12), fc.nat(12)).map((parts) => parts.join('.'));
  const version = fc.tuple(release, fc.constantFrom('', '-rc.1')).map((parts) => parts.join(''));

  test('in whichever order lines are released, and prereleases between them', () => {
    fc.assert(
      fc.property(fc.uniqueArray(version, { minLength: 1, maxLength: 12 }), (order) => {
        const npm = new Map<string, string>();
        const image = new Map<string, string>();
        const tags: string[] = ['vocabulary'];
        let github: string | undefined;
        for (const each of order) {
          tags.push(`v${each}`);
          const { npmTag, imageTags, githubFlags } = channelOf(each, tags);
          npm.set(npmTag, each);
          for (const tag of imageTags) image.set(tag, each);
          if (githubFlags.includes('--latest=true')) github = each;
          expect(image.get(each)).toBe(each);
        }
        const highest = order
          .filter((each) => !each.includes('-'))
          .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
          .at(-1);
        expect([npm.get('latest'), image.get('latest'), github]).toEqual([highest, highest, highest]);
      }),
    );
  });

  test.each([
    ['2.0.0', [], 'latest', '--latest=true'],
    ['1.2.4', ['v2.0.0'], 'latest-1.2', '--latest=false'],
    ['1.10.0', ['v1.9.0'], 'latest', '--latest=true'],
    ['1.9.1', ['v2.0.0-rc.1'], 'latest', '--latest=true'],
    ['2.0.0-rc.1', ['v1.9.1'], 'next', '--prerelease --latest=false'],
    ['1.9.2-rc.1', ['v2.0.0-rc.1'], 'next-1.9', '--prerelease --latest=false'],
  ])('%s after %j is %s of npm', (released, tags, npmTag, flags) => {
    const channel = channelOf(released, [...tags, `v${released}`]);
    expect({ npmTag: channel.npmTag, flags: channel.githubFlags.join(' ') }).toEqual({ npmTag, flags });
    expect(channel.marketplace).toBe(npmTag === 'latest');
  });
});

test('preparing gives what was unreleased the heading of its version', () => {
  const changelog = released(
    '# Changelog\n\n## Unreleased\n\n- New.\n\n## 1.0.0 - 2026-01-01\n\n- Old.\n',
    '1.1.0',
    '2026-02-02',
  );
  expect(sectionsOf(changelog)).toEqual([
    { title: 'Unreleased', date: undefined, text: '' },
    { title: '1.1.0', date: '2026-02-02', text: '- New.' },
    { title: '1.0.0', date: '2026-01-01', text: '- Old.' },
  ]);
});

test('the workflows pass actionlint', async () => {
  const passed = promisify(execFile)(join(root, '.ci/actionlint'));
  await expect(passed).resolves.toMatchObject({ stdout: '' });
});

/** A clone of what is committed, with the packages of this checkout. */
describe('in a fresh clone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomnom-release-'));
  const clone = join(folder, 'clone');
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (program: string, ...args: readonly string[]) =>
    promisify(execFile)(program, args, {
      cwd: clone,
      env: {
        ...process.env,
        PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
        GITHUB_REF_TYPE: '',
        // The image has a test of its own, which builds it over what the engine has.
        DOCKER_HOST: 'unix:///nowhere/docker.sock',
        GIT_AUTHOR_NAME: 'release',
        GIT_AUTHOR_EMAIL: 'release@example.com',
        GIT_COMMITTER_NAME: 'release',
        GIT_COMMITTER_EMAIL: 'release@example.com',
      },
      maxBuffer: 64e6,
    });

  beforeAll(async () => {
    await promisify(execFile)('git', ['clone', '--quiet', '--no-local', '--depth=1', root, clone]);
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    writeFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  });

  test('preparing, committing and a dry run make what this machine can, and publish nothing', async () => {
    const chart = join(clone, 'deploy/chart/nomnom');
    if (!existsSync(chart)) {
      mkdirSync(chart, { recursive: true });
      writeFileSync(
        join(chart, 'Chart.yaml'),
        'apiVersion: v2\nname: nomnom\nversion: 0.0.1\nappVersion: 0.0.1\n',
      );
    }
    await run(process.execPath, 'packaging/release/prepare.ts', '99.0.1');
    const check = ['packaging/release/all.ts', '--dry-run'] as const;
    await expect(run(process.execPath, ...check)).rejects.toThrow(/the tree has changes: .*CHANGELOG\.md/);

    await run('git', 'add', '--all');
    await run('git', 'commit', '--quiet', '--message=Release');
    await run('git', 'tag', 'v99.0.0');
    await expect(run(process.execPath, ...check)).rejects.toThrow(
      'the tag is v99.0.0, but package.json has 99.0.1: expected v99.0.1',
    );
    await run('git', 'tag', 'v99.0.1');

    const { stdout } = await run(process.execPath, ...check);
    process.stdout.write(stdout);
    for (const publishing of ['npm publish', 'vsce publish', 'gh release create v99.0.1'])
      expect(stdout).toContain(`would run: ${publishing.replace('vsce', 'npx vsce')}`);
    const sums = readFileSync(join(clone, 'dist/release/SHA256SUMS'), 'utf8');
    const listed = sums
      .trim()
      .split('\n')
      .map((line) => line.split('  '));
    expect(listed.map(([, name]) => name)).toEqual(
      expect.arrayContaining([
        'nomnom-run-nomnom-99.0.1.tgz',
        'nomnom-99.0.1.vsix',
        `nomnom-99.0.1-${process.platform}-${process.arch}.tar.gz`,
      ]),
    );
    for (const [sum, name = ''] of listed) {
      const bytes = readFileSync(join(clone, 'dist/release', name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sum);
      expect(stdout).toContain(`${sum}  ${name}`);
    }
    // What needs a program that is not here is named; everything else is there.
    const absent = /^not made on this machine: (.*)$/m.exec(stdout)?.[1]?.split(', ') ?? [];
    expect(listed.some(([, name]) => name === 'nomnom-99.0.1.tgz')).toBe(!absent.includes('chart'));
    expect(absent.filter((step) => step !== 'chart' && step !== 'image')).toEqual([]);
    expect(readFileSync(join(clone, 'dist/release-notes.md'), 'utf8')).toMatch(/^### Added\n/);
    expect(stdout).toMatch(/npm publish .* --tag latest\n/);

    await run('git', 'tag', 'v100.0.0');
    const later = await run(process.execPath, 'packaging/release/github.ts', '--dry-run');
    expect(later.stdout).toContain('--latest=false');
  });
});
