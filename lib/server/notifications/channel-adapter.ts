import type { z } from 'zod';
import type { Message } from '@/lib/notifications/notice';

/** What an adapter gets beside the message and its settings. */
export interface SendContext {
  /** The console's own address; links begin with it. */
  origin: string;
  nowMs: number;
  signal: AbortSignal;
  /** Whom to write to; only mail is addressed to a person. */
  recipient: string | null;
}

/**
 * One way out (`lib/server/adapters/*`). It returns once the other side has taken the message and throws `WitnessError`
 * (the outside services' one error) otherwise; the delivery is then tried again, so the same message may arrive twice.
 */
export interface ChannelAdapter<Settings = unknown> {
  readonly settings: z.ZodType<Settings>;
  readonly secretFields: readonly string[];
  /** Whether it writes to each person by themselves, or to one place for all. */
  readonly addressed: boolean;
  send(message: Message, settings: Settings, context: SendContext): Promise<void>;
}
