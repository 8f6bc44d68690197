import type { Metadata } from 'next';
import { FORMAT_GUIDE } from '@/components/docs/format-guide';
import { FormatSections } from '@/components/docs/format-sections';

export const metadata: Metadata = { title: 'Formats' };

/** Public: the bytes that evidence rests on, for whoever wants to check it with tools of their own. */
export default function FormatsPage() {
  return (
    <main id="main" className="docs">
      <h1>Formats</h1>
      <p className="t2">
        Every format here is an existing standard, or the thinnest layer over one, so that a stranger’s
        verifier can check our evidence. <a href="/verify">Check evidence in this browser</a>.
      </p>
      <FormatSections sections={FORMAT_GUIDE} />
    </main>
  );
}
