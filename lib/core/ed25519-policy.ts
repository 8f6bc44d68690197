/**
 * What we refuse before any verifier is asked, so that OpenSSL, the browsers and noble give one answer
 * (formats §2): S ≥ L, points that are not written canonically, and keys or R of small order. OpenSSL accepts
 * small-order keys, under which one signature fits many messages; ZIP-215 verifiers accept even more.
 * What remains is decided by the equation without cofactor, [S]B = R + [k]A (RFC 8032 §5.1.7).
 */

/** Group order L = 2^252 + 27742317777372353535851937790883648493, little-endian. */
const ORDER_L = Uint8Array.of(
  0xed,
  0xd3,
  0xf5,
  0x5c,
  0x1a,
  0x63,
  0x12,
  0x58,
  0xd6,
  0x9c,
  0xf7,
  0xa2,
  0xde,
  0xf9,
  0xde,
  0x14,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0x10,
);

/** The y coordinates of the eight points of small order, little-endian, sign bit clear (C2SP/CCTV list). */
const SMALL_ORDER_Y = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)));

/** y ≥ p = 2^255 − 19 (sign bit ignored): another spelling of a point that has a canonical one. */
function isUnreduced(point: Uint8Array): boolean {
  if (((point[31] as number) & 0x7f) !== 0x7f || (point[0] as number) < 0xed) return false;
  for (let i = 1; i < 31; i++) if (point[i] !== 0xff) return false;
  return true;
}

function isSmallOrder(point: Uint8Array): boolean {
  const high = (point[31] as number) & 0x7f;
  return SMALL_ORDER_Y.some((y) => {
    if (y[31] !== high) return false;
    for (let i = 0; i < 31; i++) if (y[i] !== point[i]) return false;
    return true;
  });
}

/** Why a 32-byte point encoding is refused, or undefined. "x = −0" spellings are of small order too. */
export function refusePoint(point: Uint8Array): 'key_not_canonical' | 'key_small_order' | undefined {
  if (isUnreduced(point)) return 'key_not_canonical';
  return isSmallOrder(point) ? 'key_small_order' : undefined;
}

/** True when the 32-byte little-endian scalar is below L. */
export function isReducedScalar(scalar: Uint8Array): boolean {
  for (let i = 31; i >= 0; i--) {
    const difference = (scalar[i] as number) - (ORDER_L[i] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The whole policy on sizes and encodings of (public key, signature). */
export function isAdmissible(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  if (refusePoint(publicKey) || refusePoint(signature.subarray(0, 32))) return false;
  return isReducedScalar(signature.subarray(32));
}
