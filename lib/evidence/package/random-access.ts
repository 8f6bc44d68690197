/** Bytes that are read piece by piece: a file of 200 MB is never in memory whole. */
export interface RandomAccess {
  readonly size: number;
  /** Bytes [from, to). May fail by throwing. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** What `Blob` and `File` have in common with it, named here so that no DOM library is needed. */
interface BlobLike {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Access to bytes in memory, to a `Blob` or `File`, or to whatever reads ranges itself. */
export function accessOf(input: Uint8Array | BlobLike | RandomAccess): RandomAccess {
  if (input instanceof Uint8Array)
    return { size: input.length, read: async (from, to) => input.subarray(from, to) };
  if ('read' in input) return input;
  return {
    size: input.size,
    read: async (from, to) => new Uint8Array(await input.slice(from, to).arrayBuffer()),
  };
}
