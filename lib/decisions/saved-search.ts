import * as z from 'zod';
import { formatSearchQuery, MAX_QUERY_CHARACTERS, parseSearchQuery } from './search-query';

export const MAX_SAVED_SEARCHES = 100;

/** A search that a person kept; shared ones are seen by everybody of the organisation who may search. */
export const savedSearch = z.object({
  id: z.string(),
  name: z.string(),
  /** Canonical text. */
  query: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
  /** Name of the person who kept it. */
  by: z.string(),
});
export type SavedSearch = z.infer<typeof savedSearch>;
export const savedSearches = z.object({ searches: z.array(savedSearch) });

export const saveSearchRequest = z.object({
  name: z
    .string()
    .trim()
    .min(1)
    .max(80)
    .refine((name) => !/\p{Cc}/u.test(name), 'visible characters only'),
  query: z
    .string()
    .max(MAX_QUERY_CHARACTERS)
    .transform((text, context) => {
      const parsed = parseSearchQuery(text);
      if (parsed.ok) return formatSearchQuery(parsed.value);
      context.addIssue({ code: 'custom', message: parsed.code });
      return z.NEVER;
    }),
  shared: z.boolean(),
});
export type SaveSearchRequest = z.infer<typeof saveSearchRequest>;
