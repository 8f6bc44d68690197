import * as z from 'zod';

/** What the system does about attention; each is a row of `attention_events`. */
export const ATTENTION_EVENT_KINDS = [
  /** Somebody reached a limit of load. */
  'limit_reached',
  /** What they held and had not begun went to whoever is next. */
  'put_back',
  /** Signs of fatigue: the policy's remedy holds for four hours. */
  'fatigue',
  /** An approval got one more place in its quorum because of them. */
  'second_reviewer',
] as const;
export const attentionEventKind = z.enum(ATTENTION_EVENT_KINDS);
export type AttentionEventKind = z.infer<typeof attentionEventKind>;
