import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The part of vitest's JSON report that says what failed. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | undefined;
    }[];
  }[];
}

/** Of an error, so many characters are enough to say which promise broke. */
const MOST_CHARACTERS = 800;

/**
 * A line for each test that did not pass and each file that could not be loaded: place, name, and how its error begins.
 * Whoever sees only the end of a long run knows from them what to repair.
 */
export function failuresOf(reportText: string | undefined, root: string): readonly string[] {
  if (reportText === undefined) return ['FAILED vitest ended before it wrote a report'];
  return (JSON.parse(reportText) as Report).testResults.flatMap((file) => {
    const place = relative(root, file.name);
    const tests = file.assertionResults.filter((test) => test.status !== 'passed');
    if (tests.length === 0 && file.status === 'failed') return [line(place, file.message)];
    return tests.map((test) =>
      line(`${place} > ${test.fullName}`, test.failureMessages?.[0] ?? `it was not run: ${test.status}`),
    );
  });
}

function line(name: string, message: string): string {
  const oneLine = stripVTControlCharacters(message).replaceAll(/\s*\n\s*/g, ' | ');
  const shown = oneLine.length > MOST_CHARACTERS ? `${oneLine.slice(0, MOST_CHARACTERS)}…` : oneLine;
  return `FAILED ${name}: ${shown}`;
}
