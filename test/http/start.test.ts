import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../support/nomnom.ts';

/** Makes a server as roles do, in a process of its own, and prints the modules of Node and of packages that it loaded. */
const LOADED = `
const { createFastify } = await import('./src/http/fastify.ts');
createFastify({}, () => undefined, { origins: new Set() }, () => 'known');
const { createRequire } = process.getBuiltinModule('node:module');
const packages = Object.keys(createRequire(process.cwd() + '/').cache);
console.log([...process.moduleLoadList, ...packages].join('\\n'));`;

test('a server loads neither a client for HTTP nor compilers of JSON schemas, which nobody needs there', async () => {
  const args = ['--input-type=module', '--eval', LOADED];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout).toMatch(/\/node_modules\/fastify\/fastify\.js$/m);
  expect(stdout).toMatch(/NativeModule http$/m);
  expect(stdout).not.toMatch(/undici|\/node_modules\/ajv\/|\/node_modules\/fast-json-stringify\/index/);
});
