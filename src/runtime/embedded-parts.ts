import { getRawAsset, isSea } from 'node:sea';
import type { EmbeddedParts } from '../adapters/embedded/embedded.ts';

/** Node's types do not have it. */
declare const WebAssembly: { compile(bytes: ArrayBuffer): Promise<object> };

/** The files of the embedded Postgres where they are part of the single executable; otherwise its package finds them. */
export async function embeddedParts(): Promise<EmbeddedParts | undefined> {
  if (!isSea()) return undefined;
  const [server, setup] = await Promise.all(
    ['pglite.wasm', 'initdb.wasm'].map((name) => WebAssembly.compile(getRawAsset(`embedded/${name}`))),
  );
  if (server === undefined || setup === undefined) return undefined;
  return { server, setup, files: new Blob([getRawAsset('embedded/pglite.data')]) };
}
