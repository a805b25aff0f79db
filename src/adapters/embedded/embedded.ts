import { PGlite } from '@electric-sql/pglite';
import { join } from 'node:path';
import { Failure } from '../../ports/failure.ts';
import { diskFault } from './disk-fault.ts';
import { firstOpening } from './first-opening.ts';
import { lockFolder } from './folder-lock.ts';
import { openWireServer } from './wire-server.ts';

export interface EmbeddedOptions {
  /** It is there. Only one process can use it at a time. */
  readonly directory: string;
  /** On 127.0.0.1; a free one when absent. */
  readonly port?: number;
  /** Instead of the files in its package. */
  readonly parts?: EmbeddedParts | undefined;
}

/** What the package of the embedded Postgres reads from files. */
export interface EmbeddedParts {
  /** Compiled WebAssembly, as the next one. */
  readonly server: object;
  /** Makes a new database. */
  readonly setup: object;
  /** Postgres' own files: catalogs, time zones. */
  readonly files: Blob;
}

export interface Embedded {
  /** For any Postgres client of this machine, this process or another one. */
  readonly url: string;
  /** Resolves when Postgres has ended by itself, after which nothing works again: the process should end. */
  readonly lost: Promise<Failure>;
  /** Ends the connections, writes everything down and gives the folder free. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * A Postgres inside this process, for development and small use on one machine. Rejects with FOLDER_LOCKED or
 * PORT_IN_USE, and with an error of the system with `code` and `path` where the disk refuses a file.
 */
export async function openEmbedded({ directory, port = 0, parts }: EmbeddedOptions): Promise<Embedded> {
  const lock = await lockFolder(directory);
  let database: PGlite | undefined;
  try {
    const dataDir = join(directory, 'postgres');
    database = await firstOpening(directory, dataDir, () =>
      PGlite.create({
        dataDir,
        ...(parts && {
          pgliteWasmModule: parts.server,
          initdbWasmModule: parts.setup,
          fsBundle: parts.files,
        }),
      }),
    );
    const opened = database;
    const server = await openWireServer(opened, port);
    let ended = false;
    const lost = server.ended.then((cause) => {
      ended = true;
      return new Failure('STORE_UNAVAILABLE', 'the embedded Postgres has ended', { cause });
    });
    const closeAll = async () => {
      await server.close();
      if (!ended) await opened.close();
      await lock.release();
    };
    let closing: Promise<void> | undefined;
    return {
      url: `postgres://postgres@127.0.0.1:${server.port}/postgres`,
      lost,
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await database?.close();
    await lock.release();
    throw diskFault(error, directory);
  }
}
