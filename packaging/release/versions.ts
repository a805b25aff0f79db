/** A place that names the version of the release. */
interface Place {
  readonly path: string;
  /** What the version is of, for people. */
  readonly what: string;
  /** The version is its second group; the others stay as they are. */
  readonly pattern: RegExp;
}

/** Every place that names the version; `prepare.ts` writes them, `faults.ts` compares them. */
export const PLACES: readonly Place[] = [
  { path: 'package.json', what: 'version', pattern: /(^ {2}"version": ")([^"]+)(")/m },
  { path: 'package-lock.json', what: 'version', pattern: /(^ {2}"version": ")([^"]+)(")/m },
  {
    path: 'package-lock.json',
    what: 'version of the first package',
    pattern: /(^ {6}"version": ")([^"]+)(")/m,
  },
  { path: 'editors/vscode/package.json', what: 'version', pattern: /(^ {2}"version": ")([^"]+)(")/m },
  { path: 'Dockerfile', what: 'ARG VERSION', pattern: /(^ARG VERSION=)(\S+)()/m },
  { path: 'deploy/chart/nomnom/Chart.yaml', what: 'version', pattern: /(^version: *"?)([^"\s]+)("?)/m },
  { path: 'deploy/chart/nomnom/Chart.yaml', what: 'appVersion', pattern: /(^appVersion: *"?)([^"\s]+)("?)/m },
];

/** The version at a place of a text; undefined where there is none. */
export function versionAt(text: string, { pattern }: Place): string | undefined {
  return pattern.exec(text)?.[2];
}

/** The text with another version at the place. */
export function withVersion(text: string, { pattern }: Place, version: string): string {
  return text.replace(pattern, (_, before: string, __, after: string) => before + version + after);
}
