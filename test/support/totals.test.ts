import { expect, test } from 'vitest';
import { sum, totalsOfCheck, totalsOfTests } from './totals.ts';

function report(...files: readonly (readonly string[])[]): string {
  const all = files.flat();
  return JSON.stringify({
    numPassedTests: all.filter((status) => status === 'passed').length,
    numTotalTests: all.length,
    testResults: files.map((statuses) => ({
      status: statuses.length > 0 && statuses.every((status) => status !== 'failed') ? 'passed' : 'failed',
      assertionResults: statuses.map((status) => ({ status })),
    })),
  });
}

test('passed and failed tests are counted', () => {
  expect(totalsOfTests(report(['passed', 'passed'], ['passed', 'failed']), 1)).toEqual({
    passed: 3,
    failed: 1,
  });
  expect(totalsOfTests(report(['passed']), 0)).toEqual({ passed: 1, failed: 0 });
});

test('a skipped test counts as failed', () => {
  expect(totalsOfTests(report(['passed', 'pending', 'todo']), 0)).toEqual({ passed: 1, failed: 2 });
});

test('a file that cannot be loaded counts as failed', () => {
  expect(totalsOfTests(report(['passed'], []), 1)).toEqual({ passed: 1, failed: 1 });
});

test('a run that ends badly never counts as passed', () => {
  expect(totalsOfTests(undefined, 1)).toEqual({ passed: 0, failed: 1 });
  expect(totalsOfTests(report(['passed']), 1)).toEqual({ passed: 1, failed: 1 });
  expect(totalsOfTests(report(['passed']), null)).toEqual({ passed: 1, failed: 1 });
  expect(totalsOfTests(report(), 0)).toEqual({ passed: 0, failed: 1 });
});

test('a check counts as one, and all are summed', () => {
  expect(sum([totalsOfCheck(0), totalsOfCheck(2), totalsOfCheck(null), { passed: 40, failed: 2 }])).toEqual({
    passed: 41,
    failed: 4,
  });
});
