/** What is known of the versions of one thing: which there were, since when, and whether their content is held. */
import * as z from 'zod';
import { versionKind } from './version-request';

const record = z.object({ stream: z.string(), position: z.number().int() });

export const versionRegistration = z.object({ producer: z.string(), at: z.string(), record });

export const versionEntry = z.object({
  /** A digest, or the name of a model's or index's version that none was given for. */
  digest: z.string(),
  version: z.string(),
  firstSeenAt: z.string(),
  held: z.boolean(),
  registered: versionRegistration.nullable(),
});
export type VersionEntry = z.infer<typeof versionEntry>;

export const versionHistory = z.object({
  kind: versionKind,
  name: z.string(),
  /** Newest first. */
  versions: z.array(versionEntry),
  /** Announced changes, newest first. */
  changes: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      fromVersion: z.string().nullable(),
      toVersion: z.string(),
      direction: z.string().nullable(),
      summary: z.string(),
      record,
    }),
  ),
  /** Older ones were left out. */
  truncated: z.boolean(),
});
export type VersionHistory = z.infer<typeof versionHistory>;

export const versionContent = z.object({
  digest: z.string(),
  kind: z.string(),
  name: z.string(),
  version: z.string(),
  /** Null where only the digest is known. */
  content: z.string().nullable(),
});
export type VersionContent = z.infer<typeof versionContent>;

/** What a `change` record calls the kinds of a version. */
export const CHANGE_TARGETS = {
  prompt: 'prompt',
  policy: 'policy',
  model: 'model',
  index: 'retrieval_index',
  guardrail: 'guardrail',
  threshold: 'threshold',
  routing: 'routing',
} as const satisfies Record<z.infer<typeof versionKind>, string>;
