interface NodeCrypto {
  createHash(name: string): { update(bytes: Uint8Array): unknown; digest(form: 'hex'): string };
}

type GetBuiltin = (name: string) => NodeCrypto | undefined;

/** SHA-256 in hex: of a stream where the platform can (Node, Deno, Bun), else of all bytes at once. */
export async function sha256Hex(blob: Blob): Promise<string> {
  const node = nodeCrypto();
  if (node === undefined) return hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
  const hash = node.createHash('sha256');
  const reader = blob.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return hash.digest('hex');
    hash.update(value);
  }
}

/** Asked for at run time: a browser has none. */
function nodeCrypto(): NodeCrypto | undefined {
  const platform = globalThis as unknown as { process?: { getBuiltinModule?: GetBuiltin } };
  return platform.process?.getBuiltinModule?.('node:crypto');
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0')).join('');
}
