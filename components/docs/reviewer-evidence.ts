/** Why the console measures attention: what is known, and what it does about it. */
export interface ReviewerFinding {
  known: string;
  done: string;
}

export const REVIEWER_EVIDENCE: readonly ReviewerFinding[] = [
  {
    known:
      'Users accept about 93% of the permission prompts of agents; clinicians override 49 to 96% of alerts; the doctors of one insurer denied claims in 1.2 s each.',
    done: 'Reading is measured on the server’s clock: visible, in focus and in use, once a person, however many pages are open. Sections that a tier requires must have been on screen, and the least active time grows with the amount of evidence.',
  },
  {
    known:
      'Searchers miss 30 to 40% of targets when only 1 to 2% of items are bad. A forced minimum dwell mends easy search and not hard search, so least time alone is no control.',
    done: 'Least time is one of several controls and never the only one: required sections, parts that cannot be inspected, a second person where the policy asks for one, and drills that show what is missed.',
  },
  {
    known:
      'Airport screening’s answer is threat image projection: known fakes mixed into the stream. About 100 a person give a usable reliability (0.7), and only realistic ones work: 34% of one library had tell-tale artefacts.',
    done: 'Drills are made of past cases that were right to approve, with every token drawn anew and at most one fault. They look, wait and are claimed like any other case, are told right after the verdict, and are sealed in the log before they appear.',
  },
  {
    known: 'A second check helps when it is independent.',
    done: 'A second reviewer sees neither the first verdict nor its reason before committing, nor why a second one was asked for.',
  },
  {
    known:
      '59 caught of 59 gives a one-sided 95% lower bound of 0.95; 20 of 20 only 0.84. Samples as small as one person’s tell nobody apart.',
    done: 'Every rate has its n and a Wilson interval; below 20 drills of a kind only the count is shown. People stand by name, no list can be sorted by a figure, and what follows from a sign is less load or a second reviewer.',
  },
];
