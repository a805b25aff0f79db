import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Stats,
} from 'node:fs';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { otherKind, readAtMost } from '../files/regular-file.ts';
import type { FileKind, NotRead } from '../model/collect/read-file.ts';
import { printSize } from '../model/settings.ts';
import { utf8Text } from '../plan/evaluate-message.ts';
import { nearFile } from './near-file.ts';

/*
 * The one way in which a file that a program names comes in. A program may come from a stranger: it must not show what
 * stands outside of its folder, and must not wait for a device. So a path is resolved through all links before it is
 * compared with the folder, nothing but a regular file is opened, and what was opened is looked at once more: a link
 * that changed in between leads nowhere.
 */

const MB = 1024 * 1024;

/** Bytes. */
export const FILE_LIMITS: Readonly<Record<FileKind, number>> = {
  program: 4 * MB,
  lookup: 64 * MB,
  message: 64 * MB,
};

/** Never waits for a FIFO, never follows a link that was put there since. Where a system has no such flag it is 0. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

const CHANGED: NotRead = { problem: 'changed while it was read' };

/** Reads the file at `path` where it is a regular one below the folder `root`, both relative to the working directory. */
export function readBelow(root: string, path: string, kind: FileKind): string | NotRead {
  return textOf(bytesBelow(root, path, kind));
}

/** As `readBelow`, for a message: its bytes, whatever they are. */
export function readMessageBelow(root: string, path: string): Uint8Array | NotRead {
  return bytesBelow(root, path, 'message');
}

function bytesBelow(root: string, path: string, kind: FileKind): Uint8Array | NotRead {
  const found = placeIn(root, path, kind);
  if ('problem' in found) return found;
  if (!found.exists) return { problem: 'does not exist', ...nearFile(found.top, found.real, kind) };
  return readOpened(found.real, kind, (fd) => isBelow(found.top, openedPath(fd, found.real)));
}

/** Where a path leads, through all links. */
export function placeOf(path: string): string {
  return realPlace(path).real;
}

/** Whether a text that stands in an editor may be taken for the file at `path`; the file need not exist yet. */
export function takeBelow(root: string, path: string, kind: FileKind, text: string): string | NotRead {
  const found = placeIn(root, path, kind);
  if ('problem' in found) return found;
  return text.length > FILE_LIMITS[kind] ? tooLarge(kind) : text;
}

/** Reads a regular file that the user named, wherever it stands. Throws what the file system says of a missing one. */
export function readNamedByUser(path: string, kind: FileKind): string | NotRead {
  return textOf(readOpened(realpathSync.native(path), kind, () => true));
}

/** Where a path leads, or why it may not be read. */
function placeIn(
  root: string,
  path: string,
  kind: FileKind,
): NotRead | { readonly top: string; readonly real: string; readonly exists: boolean } {
  const top = realPlace(root).real;
  const { real, exists } = realPlace(path);
  if (!isBelow(top, real))
    return {
      problem: 'is outside of the folder of the program',
      help: 'move the file into that folder, or name a common parent folder with --root',
    };
  if (kind === 'program' && [path, real].some((each) => extname(each).toLowerCase() !== '.nom'))
    return { problem: 'is not a program: the name of an imported file must end in .nom' };
  return { top, real, exists };
}

/** The path without links; of what does not exist, the path without links of the nearest folder that does. */
function realPlace(path: string): { readonly real: string; readonly exists: boolean } {
  const missing: string[] = [];
  let at = resolve(path);
  for (;;) {
    try {
      return { real: join(realpathSync.native(at), ...missing), exists: missing.length === 0 };
    } catch {
      const up = dirname(at);
      if (up === at) return { real: resolve(path), exists: false };
      missing.unshift(basename(at));
      at = up;
    }
  }
}

/** By whole names: `/shop-old/a` is not below `/shop`. */
function isBelow(top: string, path: string): boolean {
  return path.startsWith(top.endsWith(sep) ? top : top + sep) || path === top;
}

function readOpened(real: string, kind: FileKind, isWanted: (fd: number) => boolean): Uint8Array | NotRead {
  const seen = notRegular(statSync(real, { throwIfNoEntry: false }));
  if (seen !== undefined) return seen;
  let fd: number | undefined;
  try {
    fd = openSync(real, FLAGS);
    const stats = fstatSync(fd);
    const other = notRegular(stats);
    if (other !== undefined) return other;
    if (!isWanted(fd)) return CHANGED;
    const limit = FILE_LIMITS[kind];
    if (stats.size > limit) return tooLarge(kind, printSize(stats.size));
    const bytes = readAtMost(fd, limit);
    return bytes ?? tooLarge(kind);
  } catch (error) {
    return whyNot(error);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Without a byte order mark. */
function textOf(read: Uint8Array | NotRead): string | NotRead {
  if ('problem' in read) return read;
  const text = utf8Text(read);
  return text === undefined ? { problem: 'is not UTF-8' } : text.replace(/^\uFEFF/, '');
}

function notRegular(stats: Stats | undefined): NotRead | undefined {
  if (stats === undefined) return { problem: 'does not exist' };
  const kind = otherKind(stats);
  return kind === undefined ? undefined : { problem: `is ${kind}, not a regular file` };
}

/** Where the open file stands now: Linux says it; elsewhere the path is resolved again and must lead to this file. */
function openedPath(fd: number, real: string): string {
  try {
    // What was replaced by another file of its name since is still what the program names.
    return readlinkSync(`/proc/self/fd/${fd}`).replace(/ \(deleted\)$/, '');
  } catch {
    const [opened, named] = [fstatSync(fd), statSync(real)];
    const same = opened.ino === named.ino && opened.dev === named.dev;
    return same ? realpathSync.native(real) : '';
  }
}

function tooLarge(kind: FileKind, found?: string): NotRead {
  const limit = printSize(FILE_LIMITS[kind]);
  return { problem: `has ${found ?? `more than ${limit}`}, at most ${limit} of ${nouns[kind]} are read` };
}

const nouns: Readonly<Record<FileKind, string>> = {
  program: 'a program',
  lookup: 'a lookup',
  message: 'a message',
};

function whyNot(error: unknown): NotRead {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { problem: 'does not exist' };
  if (code === 'ELOOP') return CHANGED;
  if (code === 'EACCES' || code === 'EPERM') return { problem: 'cannot be read by this user' };
  return { problem: `cannot be read${typeof code === 'string' ? `: ${code}` : ''}` };
}
