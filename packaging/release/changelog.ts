const HEADING = /^## \[?([^\]\s]+)\]?(?: - (\S+))?[ \t]*$/gm;

export interface Section {
  /** A version, or `Unreleased`. */
  readonly title: string;
  /** The day of the release, `2026-11-29`. */
  readonly date: string | undefined;
  readonly text: string;
}

/** The sections of a changelog in the format of keepachangelog.com, newest first. */
export function sectionsOf(changelog: string): readonly Section[] {
  const headings = [...changelog.matchAll(HEADING)];
  return headings.map((heading, at) => ({
    title: heading[1] ?? '',
    date: heading[2],
    text: changelog.slice(heading.index + heading[0].length, headings[at + 1]?.index).trim(),
  }));
}

/** The changelog with what was unreleased under the heading of a version. */
export function released(changelog: string, version: string, date: string): string {
  return changelog.replace(/^## \[?Unreleased\]?[ \t]*$/m, `## Unreleased\n\n## ${version} - ${date}`);
}
