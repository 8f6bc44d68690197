import type { OtsErrorCode } from './ots-error';

/**
 * Reads hostile bytes front to back. The first failure is kept and every later read answers nothing, so that a parser
 * needs to look at `failure` only where it stops.
 *
 *   varuint  = 7 bits a byte, least significant first, high bit = more follows; shortest form only, at most 2^53 − 1
 *   varbytes = varuint length ‖ that many bytes
 */
export class OtsCursor {
  private offset = 0;
  private failed: OtsErrorCode | undefined;

  constructor(private readonly bytes: Uint8Array) {}

  get failure(): OtsErrorCode | undefined {
    return this.failed;
  }

  fail(code: OtsErrorCode): undefined {
    this.failed ??= code;
    return undefined;
  }

  take(length: number): Uint8Array | undefined {
    if (this.failed) return undefined;
    if (length > this.bytes.length - this.offset) return this.fail('ots_truncated');
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  byte(): number | undefined {
    return this.take(1)?.[0];
  }

  varuint(): number | undefined {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      if (byte === undefined) return undefined;
      // One number has one spelling: a last byte of zero adds nothing.
      if (byte === 0 && factor > 1) return this.fail('ots_number');
      value += (byte & 0x7f) * factor;
      if (!Number.isSafeInteger(value)) return this.fail('ots_number');
      if (byte < 0x80) return value;
    }
  }

  varbytes(min: number, max: number): Uint8Array | undefined {
    const length = this.varuint();
    if (length === undefined) return undefined;
    return length < min || length > max ? this.fail('ots_length') : this.take(length);
  }

  end(): boolean {
    if (this.offset < this.bytes.length) this.fail('ots_trailing_bytes');
    return this.failed === undefined;
  }
}

/** Inverse of `OtsCursor.varuint`. */
export function formatVaruint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Uint8Array.of(...bytes, rest);
}
