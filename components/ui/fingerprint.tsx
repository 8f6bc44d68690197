import { parseFingerprint } from './parse-fingerprint';

/** Sixteen shapes, one for each hex digit in order. Shape only, so that they survive any colour and a photocopy. */
const glyphs = [
  { name: 'disc', shape: <circle cx="6" cy="6" r="4.2" fill="currentColor" /> },
  {
    name: 'ring',
    shape: <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  },
  { name: 'square', shape: <path d="M2 2h8v8H2z" fill="currentColor" /> },
  {
    name: 'frame',
    shape: <path d="M2.75 2.75h6.5v6.5h-6.5z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  },
  { name: 'peak', shape: <path d="M6 1.5 10.8 10H1.2z" fill="currentColor" /> },
  { name: 'valley', shape: <path d="M6 10.5 1.2 2h9.6z" fill="currentColor" /> },
  { name: 'diamond', shape: <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="currentColor" /> },
  {
    name: 'lozenge',
    shape: <path d="M6 1.8 10.2 6 6 10.2 1.8 6z" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  },
  {
    name: 'half',
    shape: (
      <>
        <path d="M6 1.8a4.2 4.2 0 0 0 0 8.4z" fill="currentColor" />
        <circle cx="6" cy="6" r="3.8" fill="none" stroke="currentColor" strokeWidth="1" />
      </>
    ),
  },
  {
    name: 'plus',
    shape: <path d="M4.6 1.5h2.8v3.1h3.1v2.8H7.4v3.1H4.6V7.4H1.5V4.6h3.1z" fill="currentColor" />,
  },
  { name: 'cross', shape: <path d="m2.2 2.2 7.6 7.6m0-7.6L2.2 9.8" stroke="currentColor" strokeWidth="2" /> },
  { name: 'bars', shape: <path d="M1.5 3.8h9m-9 4.4h9" stroke="currentColor" strokeWidth="2.2" /> },
  { name: 'posts', shape: <path d="M3.8 1.5v9m4.4-9v9" stroke="currentColor" strokeWidth="2.2" /> },
  { name: 'quarter', shape: <path d="M1.2 10.8V1.2a9.6 9.6 0 0 1 9.6 9.6z" fill="currentColor" /> },
  {
    name: 'target',
    shape: (
      <>
        <circle cx="6" cy="6" r="3.9" fill="none" stroke="currentColor" strokeWidth="1.2" />
        <circle cx="6" cy="6" r="1.5" fill="currentColor" />
      </>
    ),
  },
  {
    name: 'wave',
    shape: <path d="M1.5 8.8 4.5 3l3 5.8L10.5 3" fill="none" stroke="currentColor" strokeWidth="1.8" />,
  },
] as const;

/**
 * The first four hex digits of a digest as four shapes that an eye compares faster than text.
 * `digest` is `alg:hex`, bare hex or unpadded base64url. A value that is none of these draws nothing but the words
 * "no fingerprint", never a wrong shape. It helps to compare; it proves nothing.
 */
export function Fingerprint({ digest, large = false }: { digest: string; large?: boolean }) {
  const digits = parseFingerprint(digest);
  if (digits === null) return <span className="dim">no fingerprint</span>;
  const shown = digits.map((digit) => glyphs[digit]).filter((glyph) => glyph !== undefined);
  const sizePx = large ? 20 : 11;
  return (
    <span
      className={large ? 'fp large' : 'fp'}
      role="img"
      aria-label={`fingerprint: ${shown.map((glyph) => glyph.name).join(' ')}`}
    >
      {shown.map((glyph, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: four fixed places
        <svg key={at} viewBox="0 0 12 12" width={sizePx} height={sizePx} aria-hidden="true">
          {glyph.shape}
        </svg>
      ))}
    </span>
  );
}
