import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 (FIPS 180-4) over bytes that come piece by piece. */
export class Sha256Stream {
  private readonly hash = sha256.create();

  update(bytes: Uint8Array): void {
    this.hash.update(bytes);
  }

  /** 32 bytes; nothing can be added after. */
  digest(): Uint8Array {
    return this.hash.digest();
  }
}
