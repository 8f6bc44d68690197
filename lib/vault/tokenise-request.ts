import * as z from 'zod';
import { subjectToken } from '@/lib/decisions/record-payload';
import { identifierType } from './identifier-type';
import { MAX_IDENTIFIER_CHARACTERS } from './normalise-identifier';

/** Identifiers of one call. */
export const MAX_TOKENISED = 1_000;

/** POST /api/v1/vault/tokens: a producer asks for the tokens of the subjects that its records will name. */
export const tokeniseRequest = z.strictObject({
  items: z
    .array(
      z.strictObject({
        type: identifierType,
        identifier: z.string().min(1).max(MAX_IDENTIFIER_CHARACTERS),
      }),
    )
    .min(1)
    .max(MAX_TOKENISED),
});
export type TokeniseRequest = z.infer<typeof tokeniseRequest>;

/** In the order of the items. It never repeats an identifier, and does not say which of them were known before. */
export const tokeniseAnswer = z.object({ tokens: z.array(subjectToken) });
export type TokeniseAnswer = z.infer<typeof tokeniseAnswer>;
