import { expect, test } from 'vitest';
import { failuresOf } from './failures.ts';

function report(...testResults: readonly object[]): string {
  return JSON.stringify({ testResults });
}

const passed = { fullName: 'it works', status: 'passed', failureMessages: [] };

test('a run without a failure has no line', () => {
  const text = report({
    name: '/checkout/test/a.test.ts',
    status: 'passed',
    message: '',
    assertionResults: [passed],
  });
  expect(failuresOf(text, '/checkout')).toEqual([]);
});

test('a failed test is one line with its file, its name and how its error begins', () => {
  const failed = {
    fullName: 'queue keeps order',
    status: 'failed',
    failureMessages: ['AssertionError: \u001B[31mexpected 1\u001B[39m\n    at test.ts:3\n'],
  };
  const text = report({
    name: '/checkout/test/a.test.ts',
    status: 'failed',
    message: '',
    assertionResults: [passed, failed],
  });
  expect(failuresOf(text, '/checkout')).toEqual([
    'FAILED test/a.test.ts > queue keeps order: AssertionError: expected 1 | at test.ts:3 | ',
  ]);
});

test('an error without an end is shown in part', () => {
  const failed = { fullName: 'long', status: 'failed', failureMessages: ['x'.repeat(100_000)] };
  const text = report({ name: '/checkout/a', status: 'failed', message: '', assertionResults: [failed] });
  expect(failuresOf(text, '/checkout')[0]?.length).toBeLessThan(1000);
});

test('a skipped test, a file that cannot be loaded and a run without a report are told too', () => {
  const text = report(
    {
      name: '/checkout/a',
      status: 'passed',
      message: '',
      assertionResults: [{ fullName: 'later', status: 'pending' }],
    },
    { name: '/checkout/b', status: 'failed', message: 'SyntaxError: no', assertionResults: [] },
  );
  expect(failuresOf(text, '/checkout')).toEqual([
    'FAILED a > later: it was not run: pending',
    'FAILED b: SyntaxError: no',
  ]);
  expect(failuresOf(undefined, '/checkout')).toEqual(['FAILED vitest ended before it wrote a report']);
});
