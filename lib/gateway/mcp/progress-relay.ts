import type { JsonObject } from '@/lib/core/json';
import { isId, type RpcId } from './json-rpc';

/**
 * Progress as one client sees it: first ours while people decide, then the server's, always growing (MCP 2025-06-18,
 * "Progress"). A token that no running request gave is not relayed, whoever names it.
 */
export interface ProgressRelay {
  /** The request that gave this token is under way. @returns false when the token is in use */
  open(token: RpcId): boolean;
  close(token: RpcId): void;
  /** Params of our own next notification. */
  waiting(token: RpcId, message: string): JsonObject;
  /** From here on the server's progress counts. */
  forward(token: RpcId): void;
  /** The server's notification as the client may see it; null when it must not. */
  relay(params: JsonObject | undefined): JsonObject | null;
}

export function createProgressRelay(): ProgressRelay {
  const tokens = new Map<RpcId, { sent: number; forwarded: boolean }>();
  return {
    open: (token) => !tokens.has(token) && Boolean(tokens.set(token, { sent: 0, forwarded: false })),
    close: (token) => void tokens.delete(token),
    waiting(token, message) {
      const entry = tokens.get(token) ?? { sent: 0, forwarded: false };
      entry.sent += 1;
      return { progressToken: token, progress: entry.sent, message };
    },
    forward(token) {
      const entry = tokens.get(token);
      if (entry) entry.forwarded = true;
    },
    relay(params) {
      const token = params?.progressToken;
      const entry = isId(token) ? tokens.get(token) : undefined;
      if (!params || !entry?.forwarded || typeof params.progress !== 'number') return null;
      const { total } = params;
      return {
        ...params,
        progress: params.progress + entry.sent,
        ...(typeof total === 'number' ? { total: total + entry.sent } : {}),
      };
    },
  };
}
