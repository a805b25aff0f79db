import { closeSync, constants, fstatSync, openSync, statSync } from 'node:fs';
import { otherKind, readAtMost } from './regular-file.ts';

/*
 * The one way in which a file comes in that a setting or an option names: a secret, a certificate, a message. A wrong name must not
 * stop a process: no FIFO, no terminal and no other device is waited for, and nothing is read without end. The files that a program
 * names come in by `cli/read-below.ts`, which is stricter still.
 */

const KB = 1024;

/** Bytes that are read at most, by what a file is for. */
export const LARGEST = {
  /** A password, a key, a URL, credentials. */
  secret: 64 * KB,
  /** Certificates: those of all authorities that a system trusts are 230 kB. */
  certificates: 4 * KB * KB,
  /** As many as a program may name for one message. */
  message: 64 * KB * KB,
  /** A file that is sent to a role as one message: the role says how many it takes. */
  body: KB * KB * KB,
} as const;

/** Milliseconds until a pipe must have come to its end: whoever writes into it may ask a person for a password first. */
const PIPE_WITHIN = 30_000;

/** What this process holds open already, as a shell passes it on: `< file`, `| nomnom` and `<(command)`. */
const OWN_DESCRIPTOR = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/** Opens without a wait, and takes no terminal for its own. Where a system has no such flag it is 0. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** A pipe gives its bytes once, and a setting is read more than once. */
const pipes = new Map<string, Buffer>();

/**
 * The bytes of the regular file at `path`, or of a pipe that a shell passed on. Throws an error whose words `fileReason` tells, without
 * the path: of the system, or that it is no such file, has more than `most` bytes, or, for a pipe, that its end did not come
 * `within` so many milliseconds.
 */
export function readNamedFile(path: string, most: number, within = PIPE_WITHIN): Buffer {
  const isOurs = OWN_DESCRIPTOR.test(path);
  refuseOthers(path, isOurs);
  const fd = openSync(path, FLAGS);
  try {
    const stats = fstatSync(fd);
    const isPipe = isOurs && stats.isFIFO();
    if (!isPipe) refuseKind(otherKind(stats));
    const mark = `${stats.dev} ${stats.ino}`;
    const known = isPipe ? pipes.get(mark) : undefined;
    if (known !== undefined) return known;
    const bytes = readAtMost(fd, most, isPipe ? patience(within) : noPatience);
    if (bytes === undefined) throw new Error(`it has more than ${sizeText(most)}`);
    if (isPipe) pipes.set(mark, bytes);
    return bytes;
  } finally {
    closeSync(fd);
  }
}

/** Before it is opened: to open a device can do something. */
function refuseOthers(path: string, isOurs: boolean): void {
  const stats = statSync(path);
  if (!(isOurs && stats.isFIFO())) refuseKind(otherKind(stats));
}

function refuseKind(kind: string | undefined): void {
  if (kind === 'a folder') throw new Error('it is a folder');
  if (kind !== undefined) throw new Error(`it is ${kind}, not a regular file`);
}

/** Sleeps for a moment, and throws once the time is over. The commands read their settings before they do anything else. */
function patience(within: number): () => void {
  const until = performance.now() + within;
  const never = new Int32Array(new SharedArrayBuffer(4));
  return () => {
    if (performance.now() >= until) throw new Error(`it did not come to its end within ${within / 1000} s`);
    Atomics.wait(never, 0, 0, 10);
  };
}

/** Some files of the system look regular and wait for what comes next. */
function noPatience(): never {
  throw new Error('it has no end now');
}

function sizeText(bytes: number): string {
  return bytes >= KB * KB ? `${bytes / KB / KB} MB` : `${bytes / KB} kB`;
}
