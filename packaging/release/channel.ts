import { spawnSync } from 'node:child_process';
import { manifest, root } from './places.ts';
import { dryRun, refuse } from './step.ts';

/** Where a version is published, beside its own name. */
export interface Channel {
  /** The dist-tag of npm. */
  readonly npmTag: string;
  /** The tags of the image. */
  readonly imageTags: readonly string[];
  /** What `gh release create` is told. */
  readonly githubFlags: readonly string[];
  /** Whether the marketplace of extensions gets it: it has one line only, and takes no prerelease. */
  readonly marketplace: boolean;
}

const VERSION = /^v?(\d+)\.(\d+)\.(\d+)(-\S+)?$/;

/**
 * The channel of a version beside the tags of git, `v1.2.3`. Whoever names no version gets the highest release, so 1.2.4 after 2.0.0 is
 * for those who ask for it. Tags that are no versions count for nothing.
 */
export function channelOf(version: string, tags: readonly string[]): Channel {
  const [, major = '', minor = '', , prerelease] = VERSION.exec(version) ?? [];
  const isNewest = !tags.some((tag) => isHigher(tag, version, prerelease === undefined));
  const line = isNewest ? '' : `-${major}.${minor}`;
  const isLatest = isNewest && prerelease === undefined;
  return {
    npmTag: `${prerelease === undefined ? 'latest' : 'next'}${line}`,
    imageTags: [version, ...(isLatest ? ['latest'] : [])],
    githubFlags: [...(prerelease === undefined ? [] : ['--prerelease']), `--latest=${isLatest}`],
    marketplace: isLatest,
  };
}

/** Whether the version of a tag is higher; a prerelease counts as its release, and for releases it counts nothing. */
function isHigher(tag: string, version: string, releasesOnly: boolean): boolean {
  const [found, than] = [VERSION.exec(tag), VERSION.exec(version)];
  if (found === null || than === null || (releasesOnly && found[4] !== undefined)) return false;
  const differences = [1, 2, 3].map((at) => Number(found[at]) - Number(than[at]));
  return (differences.find((each) => each !== 0) ?? 0) > 0;
}

/** The channel of this release. A dry run knows the tags of this clone only; a release asks the host of the repository. */
export function channel(): Channel {
  const command = dryRun ? ['tag', '--list', 'v*'] : ['ls-remote', '--tags', '--refs', 'origin', 'v*'];
  const { status, stdout, stderr } = spawnSync('git', command, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  });
  if (status !== 0) refuse(`git cannot list the tags, so nobody knows what is the newest release: ${stderr}`);
  const tags = stdout.split('\n').map((line) => line.replace(/^.*refs\/tags\//, ''));
  return channelOf(manifest.version, tags);
}
