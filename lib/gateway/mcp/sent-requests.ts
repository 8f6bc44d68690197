import type { RpcAnswer, RpcId } from './json-rpc';

export type SentRequest = {
  method: string;
  /** Takes the answer; null when the server gave none that can be read. */
  onAnswer(answer: RpcAnswer | null): void;
};

/** The requests that the server was really sent. Only they can be answered, each once. */
export interface SentRequests {
  readonly size: number;
  has(id: RpcId): boolean;
  add(id: RpcId, request: SentRequest): void;
  /** @returns false when nothing was asked under this id */
  answer(id: RpcId, answer: RpcAnswer | null): boolean;
  /** The server is gone: whatever was and will be asked of it fails. */
  failAll(): void;
}

export function createSentRequests(): SentRequests {
  const requests = new Map<RpcId, SentRequest>();
  let closed = false;
  const answer = (id: RpcId, given: RpcAnswer | null): boolean => {
    const request = requests.get(id);
    requests.delete(id);
    request?.onAnswer(given);
    return request !== undefined;
  };
  return {
    get size() {
      return requests.size;
    },
    has: (id) => requests.has(id),
    add(id, request) {
      requests.set(id, request);
      if (closed) queueMicrotask(() => answer(id, null));
    },
    answer,
    failAll: () => {
      closed = true;
      for (const id of [...requests.keys()]) answer(id, null);
    },
  };
}
