import type { TrustRootKind } from './trust-root';

/** What a caller knows of a file that the file does not say itself. */
export interface TrustHints {
  /** What the key or certificate is to be trusted for, where its file does not say. */
  as?: TrustRootKind;
  /** What people call it; otherwise a certificate's subject or the file's name. */
  name?: string;
  /** Of a log's key: the first line of its checkpoints. */
  origin?: string;
  /** Of a key set of approval keys: whose tokens they sign (`iss`). */
  issuer?: string;
}
