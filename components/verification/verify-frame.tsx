import type { ReactNode } from 'react';

/**
 * The page around the desk, in both of its homes: `console` serves it, `file` is verify.html on somebody's disk. Plain
 * links only: nothing here may prefetch.
 */
export function VerifyFrame({
  home,
  brand,
  end,
  children,
}: {
  home: 'console' | 'file';
  brand: ReactNode;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className="vpage">
      <header className="vhead">
        <span className="brand">
          {brand}
          Countersign
        </span>
        {end !== undefined && <span className="end">{end}</span>}
      </header>
      <div>
        <h1>Verify evidence</h1>
        <p className="vlead">
          {home === 'file'
            ? 'Everything is checked on this machine by this one file. It opens no connection: cut the network and see.'
            : 'Everything is checked in this browser. What you drop does not leave this machine, and nothing is fetched to check it.'}{' '}
          What is believed without proof is what you pin, and nothing else.
        </p>
      </div>
      {children}
      {home === 'console' && (
        <p className="t2">
          The same page as one file for any machine, also without a network:{' '}
          <a href="/verify.html" download="verify.html">
            verify.html
          </a>
          . Its digest is a record in this console’s log.
        </p>
      )}
    </main>
  );
}
