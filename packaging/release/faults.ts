import { sectionsOf } from './changelog.ts';
import { PLACES, versionAt } from './versions.ts';

/** What a release is made of. */
export interface Release {
  /** The tag of git, `v1.2.3`; undefined where there is none yet. */
  readonly tag: string | undefined;
  /** What git says is changed and not committed, a line each. */
  readonly changes: readonly string[];
  /** The text of a file of the project; undefined where it is missing. */
  read(path: string): string | undefined;
}

/** Why this is no release, a line each; none where it is one. */
export function faultsOf({ tag, changes, read }: Release): readonly string[] {
  const faults = changes.length === 0 ? [] : [`the tree has changes: ${changes.join(', ')}; commit them`];
  const [first] = PLACES;
  const version = first && versionAt(read(first.path) ?? '', first);
  if (version === undefined) return [...faults, 'package.json has no version'];
  for (const place of PLACES) {
    const text = read(place.path);
    const found = text === undefined ? undefined : versionAt(text, place);
    const where = `${place.path} (${place.what})`;
    if (text === undefined) {
      if (!faults.includes(`${place.path} is missing`)) faults.push(`${place.path} is missing`);
    } else if (found === undefined) faults.push(`${where} is missing: expected ${version}`);
    else if (found !== version) faults.push(`${where} is ${found}, but package.json has ${version}`);
  }
  if (tag !== undefined && tag !== `v${version}`)
    faults.push(`the tag is ${tag}, but package.json has ${version}: expected v${version}`);
  return [...faults, ...faultsOfChangelog(read('CHANGELOG.md') ?? '', version)];
}

function faultsOfChangelog(changelog: string, version: string): readonly string[] {
  const sections = sectionsOf(changelog);
  const section = sections.find(({ title }) => title === version);
  const unreleased = sections.find(({ title }) => title === 'Unreleased');
  if (section === undefined)
    return [
      `CHANGELOG.md has no section "## ${version} - DATE": node packaging/release/prepare.ts ${version}`,
    ];
  return [
    ...(/^\d{4}-\d\d-\d\d$/.test(section.date ?? '')
      ? []
      : [`CHANGELOG.md: the section ${version} has no date: expected "## ${version} - YYYY-MM-DD"`]),
    ...(section.text === '' ? [`CHANGELOG.md: the section ${version} is empty`] : []),
    ...(unreleased === undefined || unreleased.text === ''
      ? []
      : [`CHANGELOG.md still has changes under Unreleased: move them to ${version}`]),
  ];
}
