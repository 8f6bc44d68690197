import type { RpcId } from '@/lib/gateway/mcp/json-rpc';

/** What a link tells of its server. */
export interface LinkEvents {
  onLine(line: string): void;
  /** A request could not be delivered, or its answer could not be had. */
  onFailed(id: RpcId): void;
  note(text: string): void;
}

/** The way to the server behind the proxy, whichever transport it has. */
export interface McpServerLink {
  /** Sends one message. @returns false when the sender should wait for `onDrain` */
  send(line: string): boolean;
  onDrain(resume: () => void): void;
  /** Stops and resumes what the server sends. */
  pause(): void;
  resume(): void;
  /** Resolves when the server is gone. */
  ended: Promise<void>;
  stop(): Promise<void>;
}
