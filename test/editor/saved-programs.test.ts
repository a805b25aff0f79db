import { expect, test } from 'vitest';
import { savedPrograms } from '../../src/editor/saved-programs.ts';

test('a program is read once, and again after something has changed at its place or above', () => {
  const files = new Map([
    ['/w/a.nom', 'enum A { X }\n'],
    ['/w/b/b.nom', 'enum B { X }\n'],
    ['/w/bb.nom', 'enum C { X }\n'],
  ]);
  const read: string[] = [];
  const programs = savedPrograms({
    list: () => [...files.keys()],
    read: (path) => {
      read.push(path);
      return files.get(path);
    },
  });
  const texts = (): readonly string[] => programs.trees(() => true).map(({ span }) => span.file.text);
  expect(texts()).toEqual([...files.values()]);
  expect(texts()).toEqual([...files.values()]);
  expect(read).toEqual([...files.keys()]);
  read.length = 0;
  files.set('/w/b/b.nom', 'enum B { X Y }\n').set('/w/n.nom', 'enum N { X }\n');
  programs.forget('/w/b');
  expect(texts()).toEqual([...files.values()]);
  expect(read).toEqual(['/w/b/b.nom', '/w/n.nom']);
  programs.forgetAll();
  expect(texts()).toEqual([...files.values()]);
  expect(read).toHaveLength(2 + files.size);
});
