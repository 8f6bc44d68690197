/** One decision with every record that joined it later, as the server hands them over: bytes, not conclusions. */
import * as z from 'zod';
import { decisionRow } from './decision-view';

/** A stored record: the envelope and its link as they are in the database, base64. Nothing here has been verified. */
export const recordView = z.object({
  stream: z.string(),
  position: z.number().int(),
  id: z.string(),
  kind: z.string(),
  occurredAt: z.string(),
  acceptedAt: z.string(),
  envelope: z.string(),
  link: z.string(),
});
export type RecordView = z.infer<typeof recordView>;

/** The very prompt, policy, model or index that was active, by digest; `content` where this console holds it. */
export const versionView = z.object({
  digest: z.string(),
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  /** Null where only the digest is known, or where it is too large to be sent along. */
  content: z.string().nullable(),
  /** Who handed the content over, and the console's record of it. */
  registered: z
    .object({ producer: z.string(), at: z.string(), stream: z.string(), position: z.number().int() })
    .nullish(),
});
export type VersionView = z.infer<typeof versionView>;

/** The version that the last announced change before the decision put in force, whatever the decision says it used. */
export const versionInForce = z.object({
  /** As `change` records call it. */
  target: z.string(),
  name: z.string(),
  version: z.string(),
  since: z.string(),
  id: z.string(),
  stream: z.string(),
  position: z.number().int(),
});
export type VersionInForce = z.infer<typeof versionInForce>;

export const decisionDetail = z.object({
  row: decisionRow,
  /** Null only when the projection names a record that is gone, which is itself a finding. */
  record: recordView.nullable(),
  /** Escalation, reviews, approval, redemption, revocation and outcome records, in the order of their time. */
  related: z.array(recordView),
  versions: z.array(versionView),
  inForce: z.array(versionInForce),
  payloads: z.array(
    z.object({ ref: z.string(), digest: z.string(), byteCount: z.number().int(), expiresAt: z.string() }),
  ),
  parents: z.array(decisionRow),
  /** Names of reviewers by person id, from this console's directory. */
  people: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Reviews that this viewer may not see before deciding on their own. */
  reviewsWithheld: z.boolean(),
  /** Other records of this tenant under the same id (ids are unique within a stream only). */
  sameId: z.array(z.object({ stream: z.string(), position: z.number().int() })),
});
export type DecisionDetail = z.infer<typeof decisionDetail>;
