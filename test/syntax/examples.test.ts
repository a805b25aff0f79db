import { expect, test } from 'vitest';
import { everyFile, syntaxErrors } from './sources.ts';

test.each(everyFile.map((file) => [file.name, file] as const))('%s has no fault of syntax', (_name, file) => {
  expect(syntaxErrors(file)).toEqual([]);
});
