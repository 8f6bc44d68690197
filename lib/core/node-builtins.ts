/**
 * Node's own crypto and Buffer where they exist, `undefined` elsewhere. They are reached through
 * `process.getBuiltinModule` so that a bundler for the browser never sees an import of them.
 */
type Builtins = { crypto: typeof import('node:crypto'); Buffer: typeof import('node:buffer').Buffer };

function loadBuiltins(): Builtins | undefined {
  const host = (globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } }).process;
  const crypto = host?.getBuiltinModule?.('node:crypto') as Builtins['crypto'] | undefined;
  const buffer = host?.getBuiltinModule?.('node:buffer') as { Buffer: Builtins['Buffer'] } | undefined;
  return crypto && buffer ? { crypto, Buffer: buffer.Buffer } : undefined;
}

const builtins = loadBuiltins();

export const nodeCrypto = builtins?.crypto;
export const nodeBuffer = builtins?.Buffer;

/** A plain Uint8Array over the same memory, so that no Buffer method leaks into isomorphic code. */
export function plainBytes(view: Uint8Array): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}
