import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fileCycles, partCycles } from './architecture/cycles.ts';
import { checkLoadsMore, crowdedAdapters, wrongDirections } from './architecture/directions.ts';
import { modulesOf } from './architecture/imports.ts';
import {
  barrels,
  longFiles,
  longMedian,
  misplacedFunctions,
  namelessHelpers,
  strayTests,
  unregistered,
} from './architecture/layout.ts';
import { looseReads } from './architecture/file-reads.ts';
import { foreignDownloads, missingFromLock } from './architecture/lock-file.ts';
import { impurities } from './architecture/purity.ts';
import { namedDialects, recoveryDoors, wrongRooms } from './architecture/rooms.ts';
import { readTree } from './architecture/source-tree.ts';
import { foreignWords } from './architecture/wording.ts';

const tree = readTree(fileURLToPath(new URL('..', import.meta.url)));
const modules = modulesOf(tree);
const source = modules.filter((module) => !module.path.startsWith('test/'));

test('the rules look at the real project', () => {
  const paths = modules.map((module) => module.path);
  expect(paths).toContain('src/plan/plan.ts');
  expect(paths).toContain('test/architecture.test.ts');
  expect(source.flatMap((module) => module.imports).length).toBeGreaterThan(50);
});

test('imports go down the list of the house, and roles and adapters see only their neighbours', () => {
  expect(wrongDirections(modules)).toEqual([]);
});

test('an adapter knows one driver', () => {
  expect(crowdedAdapters(modules)).toEqual([]);
});

test('checking a program loads no role and no adapter', () => {
  expect(checkLoadsMore(modules)).toEqual([]);
});

test('the language is pure and synchronous', () => {
  expect(impurities(modules)).toEqual([]);
});

test('no files import each other in a circle', () => {
  expect(fileCycles(modules)).toEqual([]);
});

test('no parts import each other in a circle', () => {
  expect(partCycles(source)).toEqual([]);
});

test('the folders of a part import each other in one direction', () => {
  expect(wrongRooms(modules)).toEqual([]);
});

test('only adapters and the registry name a dialect of SQL', () => {
  expect(namedDialects(modules)).toEqual([]);
});

test('only the parser enters recovery', () => {
  expect(recoveryDoors(modules)).toEqual([]);
});

test('a file of the functions is one function, and what they share stands apart', () => {
  expect(misplacedFunctions(modules)).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  expect(longFiles(tree)).toEqual([]);
});

test('a file that a setting or an option names is read in one way', () => {
  expect(looseReads(modules)).toEqual([]);
});

test('the median file is under 80 lines', () => {
  expect(longMedian(tree)).toEqual([]);
});

test('files are named after one concept', () => {
  expect(namelessHelpers(tree)).toEqual([]);
});

test('there are no barrels', () => {
  expect(barrels(modules)).toEqual([]);
});

test('every column type, function, check and command is registered', () => {
  expect(unregistered(modules)).toEqual([]);
});

test('tests mirror the source', () => {
  expect(strayTests(tree)).toEqual([]);
});

test('the tree holds only its own words, and nothing unfinished', () => {
  expect(foreignWords(tree)).toEqual([]);
});

test('packages come from the public registry', () => {
  expect(foreignDownloads(tree)).toEqual([]);
});

test('the lock file is complete, so that a fresh install works everywhere', () => {
  expect(missingFromLock(tree)).toEqual([]);
});
