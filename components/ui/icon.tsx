/** Strokes of most shapes; a shape that needs another weight says so. */
const line = {
  fill: 'none',
  stroke: 'currentColor',
  strokeWidth: 1.5,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const shapes = {
  agent: (
    <g {...line} strokeWidth="1.4">
      <path d="M8 1.8 13.4 5v6L8 14.2 2.6 11V5z" />
      <path d="M6.2 7v1.6M9.8 7v1.6" strokeWidth="1.6" />
    </g>
  ),
  arrow: <path {...line} d="M2.8 8h10M9 4.2 12.8 8 9 11.8" />,
  attested: (
    <path
      {...line}
      d="M2.6 10.2c1.6-4.4 3-7.1 4.2-6.6 1.4.6-1.8 5.7 0 5.9 1.2.1 1.6-2.2 2.6-2 1 .2.4 1.8 1.6 1.8.8 0 1.3-.5 2.3-1.1M2.6 13.4h10.8"
      strokeWidth="1.3"
    />
  ),
  bolt: <path {...line} d="M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z" />,
  bounded: (
    <>
      <circle cx="8" cy="8" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M8 3.4a4.6 4.6 0 0 0 0 9.2z" fill="currentColor" />
    </>
  ),
  changes: (
    <g {...line}>
      <path d="M8 2.5v6.4M4.8 5.7h6.4M4.8 13h6.4" />
    </g>
  ),
  check: <path {...line} d="m3 8.4 3.3 3.3L13 4.9" strokeWidth="2" />,
  clock: (
    <g {...line}>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 4.9V8l2.1 1.5" />
    </g>
  ),
  copy: (
    <g {...line} strokeWidth="1.3">
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5V4A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
    </g>
  ),
  decisions: (
    <g {...line}>
      <path d="M6.5 4h7M6.5 8h7M6.5 12h7" />
      <path d="m2.2 3.9.8.8 1.3-1.5M2.2 7.9l.8.8 1.3-1.5M2.2 11.9l.8.8 1.3-1.5" strokeWidth="1.25" />
    </g>
  ),
  doc: (
    <g {...line}>
      <path d="M4 1.8h5.2L12.5 5v9.2H4z" />
      <path d="M9 1.8v3.4h3.4" />
    </g>
  ),
  down: <path {...line} d="M3.5 6 8 10.5 12.5 6" />,
  download: <path {...line} d="M8 2.5v7.2M4.8 6.8 8 10l3.2-3.2M3 13.2h10" />,
  external: <path {...line} d="M6.5 3h-3v9.5H13v-3M9 2.8h4.2V7M13 3 7.8 8.2" />,
  eye: (
    <g {...line}>
      <path d="M1.6 8C3.1 5.2 5.3 3.8 8 3.8S12.9 5.2 14.4 8c-1.5 2.8-3.7 4.2-6.4 4.2S3.1 10.8 1.6 8z" />
      <circle cx="8" cy="8" r="1.9" />
    </g>
  ),
  flag: <path {...line} d="M3.5 14V2.5h8.7l-2 3.1 2 3.1H3.5" />,
  hand: (
    <path
      {...line}
      d="M4.7 8.9V4.2a1.1 1.1 0 0 1 2.2 0m0 3V2.9a1.1 1.1 0 0 1 2.2 0v4.3m0-.1V3.7a1.1 1.1 0 0 1 2.2 0v3.8m0-1.4a1.1 1.1 0 0 1 2.2 0v3.7c0 2.7-1.8 4.5-4.3 4.5h-.7c-1.7 0-2.7-.7-3.6-1.8L2.2 9.6a1.15 1.15 0 0 1 1.7-1.5l.8.8"
      strokeWidth="1.35"
    />
  ),
  index: (
    <g {...line} strokeWidth="1.3">
      <ellipse cx="8" cy="4" rx="5.2" ry="2" />
      <path d="M2.8 4v8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2V4M2.8 8c0 1.1 2.3 2 5.2 2s5.2-.9 5.2-2" />
    </g>
  ),
  inferred: (
    <path
      {...line}
      d="M2.8 6.6c1.7-1.7 3.4-1.7 5.2 0s3.5 1.7 5.2 0M2.8 10.8c1.7-1.7 3.4-1.7 5.2 0s3.5 1.7 5.2 0"
    />
  ),
  insights: (
    <g {...line}>
      <path d="M2.5 2.5v11h11" />
      <path d="m5 10 2.7-3.4 2.3 2L13.3 4" />
    </g>
  ),
  integrity: (
    <g {...line}>
      <path d="M6.3 9.7 9.7 6.3" />
      <path d="m7.3 4.6 1.6-1.6a2.9 2.9 0 0 1 4.1 4.1l-1.6 1.6M8.7 11.4 7.1 13A2.9 2.9 0 0 1 3 8.9l1.6-1.6" />
    </g>
  ),
  invalid: (
    <>
      <path d="M5.3 1.6h5.4l3.7 3.7v5.4l-3.7 3.7H5.3l-3.7-3.7V5.3z" fill="currentColor" />
      <path
        d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4"
        stroke="var(--on-mark)"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </>
  ),
  lineage: (
    <g {...line}>
      <circle cx="3.7" cy="8" r="1.7" />
      <circle cx="12.3" cy="3.9" r="1.7" />
      <circle cx="12.3" cy="12.1" r="1.7" />
      <path d="M5.4 7.4c2.6-.6 2.4-2.9 5.2-3.3M5.4 8.6c2.6.6 2.4 2.9 5.2 3.3" />
    </g>
  ),
  lock: (
    <g {...line}>
      <rect x="3.2" y="7.2" width="9.6" height="6.3" rx="1.4" />
      <path d="M5.6 7V5.2a2.4 2.4 0 0 1 4.8 0V7" />
    </g>
  ),
  mark: (
    <g {...line} strokeWidth="1.4">
      <path d="M9.5 2.6 13.4 6.5 7 11.6l-3.6.9.9-3.6z" />
      <path d="M2.5 14h7" />
    </g>
  ),
  missing: (
    <rect
      x="2.8"
      y="2.8"
      width="10.4"
      height="10.4"
      rx="2"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeDasharray="2.6 2.6"
    />
  ),
  model: (
    <g {...line} strokeWidth="1.3">
      <path d="M8 1.9 13.3 5 8 8.1 2.7 5z" />
      <path d="m2.7 8 5.3 3.1L13.3 8M2.7 11 8 14.1l5.3-3.1" />
    </g>
  ),
  moon: <path {...line} d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />,
  more: (
    <g fill="currentColor">
      <circle cx="3.4" cy="8" r="1.25" />
      <circle cx="8" cy="8" r="1.25" />
      <circle cx="12.6" cy="8" r="1.25" />
    </g>
  ),
  'not-checked': (
    <>
      <circle
        cx="8"
        cy="8"
        r="5.9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeDasharray="2.35 2.28"
      />
      <path d="M5.8 8h4.4" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  opaque: (
    <g {...line} strokeWidth="1.3">
      <rect x="2.6" y="2.6" width="10.8" height="10.8" rx="2" strokeDasharray="2.4 2.4" />
      <path d="m4.8 11.2 6.4-6.4" />
    </g>
  ),
  passkey: (
    <g {...line} strokeWidth="1.35">
      <path d="M3.2 11.2A8 8 0 0 0 4 7.6a4 4 0 0 1 7.4-2.1M12 7.6c0 1.7-.2 3.3-.7 4.8M5.3 13.4A11 11 0 0 0 6.4 7.8a1.6 1.6 0 0 1 3.2 0c0 2.4-.5 4.5-1.4 6.3" />
      <path d="M3.2 4.2A5.9 5.9 0 0 1 8 1.8c2 0 3.8 1 4.9 2.5" />
    </g>
  ),
  person: (
    <g {...line}>
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.9 13.5c.5-2.7 2.5-4 5.1-4s4.6 1.3 5.1 4" />
    </g>
  ),
  plus: <path {...line} d="M8 3v10M3 8h10" />,
  queue: (
    <g {...line}>
      <path d="M2.5 9.3 4.2 3.5h7.6l1.7 5.8v3.2h-11z" />
      <path d="M2.5 9.3h3.3l.9 1.4h2.6l.9-1.4h3.3" />
    </g>
  ),
  refresh: <path {...line} d="M13 8a5 5 0 1 1-1.6-3.7L13.2 6M13.2 2.8V6H10" />,
  rehash: <path {...line} d="M6.4 2.8 5.2 13.2M10.8 2.8 9.6 13.2M3 6h10.4M2.6 10H13" strokeWidth="1.3" />,
  reversible: <circle cx="8" cy="8" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  right: <path {...line} d="m6 3.5 4.5 4.5L6 12.5" />,
  running: (
    <>
      <circle cx="8" cy="8" r="5.7" fill="none" stroke="var(--line-strong)" strokeWidth="1.8" />
      <path
        d="M8 2.3A5.7 5.7 0 0 1 13.7 8"
        fill="none"
        stroke="var(--accent)"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </>
  ),
  search: (
    <g {...line}>
      <circle cx="7" cy="7" r="4.3" />
      <path d="m10.3 10.3 3.2 3.2" />
    </g>
  ),
  settings: (
    <g {...line}>
      <path d="M2.5 5h5.8M11.7 5h1.8M2.5 11h1.8M7.7 11h5.8" />
      <circle cx="10" cy="5" r="1.7" />
      <circle cx="6" cy="11" r="1.7" />
    </g>
  ),
  shield: (
    <g {...line}>
      <path d="M8 1.8 13 3.6v4.1c0 3.2-2 5.3-5 6.5-3-1.2-5-3.3-5-6.5V3.6z" />
      <path d="M5.6 7.7h4.8" />
    </g>
  ),
  'sign-out': <path {...line} d="M9.2 2.8H3.5v10.4h5.7M7 8h6.5M11 5.4 13.6 8 11 10.6" />,
  sun: (
    <g {...line}>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8" />
    </g>
  ),
  unbounded: <circle cx="8" cy="8" r="5.2" fill="currentColor" />,
  up: <path {...line} d="M3.5 10 8 5.5 12.5 10" />,
  upload: <path {...line} d="M8 10V2.8M4.8 5.8 8 2.6l3.2 3.2M3 13.2h10" />,
  valid: (
    <>
      <circle cx="8" cy="8" r="6.6" fill="currentColor" />
      <path
        d="m5 8.2 2.1 2.1L11 6.2"
        fill="none"
        stroke="var(--on-mark)"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </>
  ),
  vault: (
    <g {...line}>
      <rect x="3" y="7" width="10" height="6.5" rx="1.5" />
      <path d="M5.3 7V5a2.7 2.7 0 0 1 5.4 0v2" />
    </g>
  ),
  waiting: <circle cx="8" cy="8" r="1.6" fill="currentColor" />,
  x: <path {...line} d="m4 4 8 8m0-8-8 8" />,
} as const;

/** Name of a shape on the 16-unit grid. */
export type IconName = keyof typeof shapes;

/**
 * One 16 px shape (14 px with `small`) in the colour of its text, on the text's baseline.
 * Without `label` it is decoration and hidden from screen readers: the word beside it carries the meaning.
 */
export function Icon({
  name,
  small = false,
  label,
  className,
}: {
  name: IconName;
  small?: boolean;
  label?: string;
  className?: string;
}) {
  const classes = `i${small ? ' s' : ''}${className ? ` ${className}` : ''}`;
  return label === undefined ? (
    <svg viewBox="0 0 16 16" className={classes} aria-hidden="true" focusable="false">
      {shapes[name]}
    </svg>
  ) : (
    <svg viewBox="0 0 16 16" className={classes} role="img" aria-label={label}>
      {shapes[name]}
    </svg>
  );
}
