import type { Metadata } from 'next';
import '@/components/docs/docs.css';
import { REVIEWER_EVIDENCE } from '@/components/docs/reviewer-evidence';

export const metadata: Metadata = { title: 'Reviewers' };

/** Public: what is known of people who approve much, and what this console does about it. */
export default function ReviewersPage() {
  return (
    <main id="main" className="docs">
      <h1>Reviewers</h1>
      <p className="t2">
        A person who approves two hundred requests a day in ninety seconds each is a rubber stamp with a paper
        trail. This is what is known about that, and what this console does about it. Each control is set in
        the policy under <code>review.attention</code>; unsaid, it is off.
      </p>
      <p className="t2">
        The figures are those that this product was designed by. No publication is named beside them, because
        none was read again for this page: check them before you rest a decision of your own on one.
      </p>
      {REVIEWER_EVIDENCE.map(({ known, done }) => (
        <section key={known}>
          <h2>{known}</h2>
          <p>{done}</p>
        </section>
      ))}
      <section>
        <h2>What a policy may say</h2>
        <pre className="docs-bytes">{EXAMPLE}</pre>
        <p>
          At a limit nothing new can be claimed or approved. What was open before it may be finished, denying
          is always possible, and what was only claimed goes to the next person at once. Drills count toward
          the limit, because they tire too, and toward nothing else.
        </p>
      </section>
    </main>
  );
}

const EXAMPLE = `"review": {
  "notInspectable": { "bounded": "block", "unbounded": "block" },
  "attention": {
    "reading": { "perThousandCharactersMs": 4000, "perItemMs": 1000, "atMostMs": 60000 },
    "load": { "decisionsPerHour": 30, "activeMinutes": 90, "breakMinutes": 10, "weights": { "unbounded": 2 } },
    "drills": { "perHundred": 2, "knownBadPercent": 70, "withinMinutes": 60 },
    "whenFatigued": "secondReviewer"
  }
}`;
