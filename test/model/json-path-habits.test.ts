import { expect, test } from 'vitest';
import { analyze } from '../../src/checks/analyze.ts';

const findingsOf = (path: string) =>
  analyze({
    name: 'a.nom',
    text: `entity A { id: int  place: text(9)? @json("${path}")  store a { key (id)  upsert on (id) } }`,
  }).findings.map(({ code, severity, help }) => [code, severity, help]);

test.each([
  ['/device/place', 'write `"device.place"`'],
  ['$.device.place', 'write `"device.place"`'],
  [
    'tags[0]',
    'read the list into a field of its own, `list: text(9)[] @json("tags")`, and write `place = first(list)`',
  ],
  ['device.tags[*].name', 'read the list into a field of its own, and derive a row from each element'],
])('a path %j, which no message has as a key, is told of', (path, help) => {
  expect(findingsOf(path)).toEqual([['NOM110', 'warning', help]]);
});

test.each(['device.place', 'a/b', 'size[cm]', '$ref', 'x[]'])(
  'a path %j is a key that messages have',
  (path) => {
    expect(findingsOf(path)).toEqual([]);
  },
);

test.each([
  ['', 'write `@json("place")`, or leave it out: a field is read from the key of its name'],
  ['a..b', 'write keys separated by single dots, for example `@json("customer.address.zip")`'],
])('a path %j has an empty key, which is an error', (path, help) => {
  expect(findingsOf(path)).toEqual([['NOM110', 'error', help]]);
});
