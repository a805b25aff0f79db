import { expect, test } from 'vitest';
import { updatesGoldens } from './golden.ts';

test.each([
  [{ UPDATE_GOLDEN: '1' }, true],
  [{ UPDATE_GOLDEN: '1', CI: '' }, true],
  [{ UPDATE_GOLDEN: '1', CI: 'false' }, true],
  [{ UPDATE_GOLDEN: '1', CI: 'true' }, false],
  [{ UPDATE_GOLDEN: '1', CI: '1' }, false],
  [{ CI: 'true' }, false],
  [{}, false],
])('with %o goldens are written: %s', (env, written) => {
  expect(updatesGoldens(env)).toBe(written);
});
