/** How many of the tests and checks passed; everything else failed. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
}

/** The part of vitest's JSON report that counts. */
interface Report {
  readonly numPassedTests: number;
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A check counts as one. */
export function totalsOfCheck(status: number | null): Totals {
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * Counts a run of vitest by its report. A test that was skipped proves nothing and counts as failed, so does a
 * file that could not be loaded, a run without a report, and one that ended badly although every test passed.
 */
export function totalsOfTests(reportText: string | undefined, status: number | null): Totals {
  if (reportText === undefined) return { passed: 0, failed: 1 };
  const report = JSON.parse(reportText) as Report;
  const passed = report.numPassedTests;
  const notLoaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
  const failed = report.numTotalTests - passed + notLoaded;
  const unexplained = failed === 0 && (status !== 0 || passed === 0);
  return { passed, failed: unexplained ? 1 : failed };
}

export function sum(totals: readonly Totals[]): Totals {
  return {
    passed: totals.reduce((all, each) => all + each.passed, 0),
    failed: totals.reduce((all, each) => all + each.failed, 0),
  };
}
