/** Bytes of an answer with keys: those of large providers have less than 20 kB. */
const LARGEST = 256 * 1024;

/**
 * Fetches as `fetch` does, and reads no more of the answer than keys can take: an answer without an end would fill the memory.
 * Rejects where it is larger, where the provider does not answer, or where `signal` of `options` comes first.
 */
export async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const { body, status, headers } = await fetch(url, options);
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by an error ends the connection.
  for await (const part of body ?? []) {
    length += part.length;
    if (length > LARGEST) throw new Error(`the answer has more than ${LARGEST} bytes`);
    parts.push(part);
  }
  return new Response(status === 200 ? Buffer.concat(parts) : null, { status, headers });
}
