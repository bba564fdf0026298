/** The golden bytes that the crate `protocol` writes; the browser reads the same files. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The bytes of one golden file. */
export function golden(name: string): Uint8Array {
  const url = new URL(`../../ingest/protocol/golden/${name}.hex`, import.meta.url);
  const hex = readFileSync(fileURLToPath(url), 'utf8').replace(/\s/g, '');
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
