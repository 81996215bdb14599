import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CompiledPage } from '../../render/renderer.ts';

/** First byte of what is JSON as it is, and of what is JSON deflated (RFC 1951). */
const PLAIN = 0x4a;
const DEFLATED = 0x44;
/** Below, deflating saves nothing that is paid for. */
const MIN_DEFLATED_LENGTH = 1_024;
/** Of the JSON, so that a damaged object cannot fill the memory. In bytes. */
const MAX_BYTES = 512 * 1024 * 1024;

/** @param json of a {@link CompiledPage} */
export function encodePage(json: string): Buffer {
  const plain = Buffer.from(json);
  if (plain.length < MIN_DEFLATED_LENGTH) return Buffer.concat([Buffer.of(PLAIN), plain]);
  return Buffer.concat([Buffer.of(DEFLATED), deflateRawSync(plain, { level: 4 })]);
}

/** Undefined: it is damaged. */
export function decodePage(bytes: Buffer): CompiledPage | undefined {
  try {
    const body = bytes.subarray(1);
    const json = bytes[0] === DEFLATED ? inflateRawSync(body, { maxOutputLength: MAX_BYTES }) : body;
    const page: unknown = JSON.parse(json.toString());
    return isPage(page) ? page : undefined;
  } catch {
    return undefined;
  }
}

function isPage(value: unknown): value is CompiledPage {
  const { html, refs, headings, needs } = (value ?? {}) as Partial<Record<keyof CompiledPage, unknown>>;
  const areLists = [html, refs, headings, needs].every(Array.isArray);
  return areLists && (html as unknown[]).length === (refs as unknown[]).length + 1;
}
