'use client';

import { useEffect, useState } from 'react';
import { Icon } from './icon';

/**
 * Copies `text` whole. While it has focus the full value stands beside it, so that what is copied can be read first.
 * The outcome is announced; when the browser refuses the clipboard it says so instead of pretending.
 */
export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState<'idle' | 'copied' | 'refused'>('idle');

  useEffect(() => {
    if (outcome === 'idle') return;
    const timer = setTimeout(() => setOutcome('idle'), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('copied');
    } catch {
      setOutcome('refused');
    }
  }

  return (
    <span className="copy">
      <button type="button" className="ghost sm" aria-label={label} onClick={copy}>
        <Icon name={outcome === 'copied' ? 'check' : 'copy'} small />
      </button>
      <span className="copy-full id" aria-hidden="true">
        {text}
      </span>
      <span className="vh" aria-live="polite">
        {outcome === 'copied' && 'Copied'}
        {outcome === 'refused' && 'The browser did not allow copying'}
      </span>
    </span>
  );
}
