/** What wraps the subjects' data keys: a key management service, or this console's key directory. */
export interface KeyEncryption {
  /** Names the key that wraps from now on, for instance `0123456789abcdef` (a file). */
  readonly keyId: string;
  /** `context` is authenticated with the wrapped key; the same is needed to unwrap it. */
  wrap(key: Uint8Array, context: KeyContext): Promise<Uint8Array>;
  /** Null when the wrapped key was altered or moved, or was wrapped under another key. */
  unwrap(wrapped: Uint8Array, context: KeyContext): Promise<Uint8Array | null>;
}

/** Whose data key it is, and its own id. */
export interface KeyContext {
  tenant: string;
  subject: string;
  dataKeyId: string;
}
