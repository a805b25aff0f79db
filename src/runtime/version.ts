import { shippedFile } from './shipped.ts';

/** The version in package.json. */
export function version(): string {
  const manifest: unknown = JSON.parse(shippedFile('package.json').toString());
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof found === 'string' ? found : 'unknown';
}
