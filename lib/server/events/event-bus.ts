import { Client } from 'pg';
import { z } from 'zod';
import { consoleEvent } from '@/lib/escalations/escalation-view';
import { getConfig } from '../config';
import { sharedSingleton } from '../shared-singleton';
import { EVENT_CHANNEL, type TenantEvent } from './publish-event';

/** `null` says that events may have been missed (the connection was lost): fetch again. */
export type EventListener = (event: TenantEvent | null) => void;

const RECONNECT_MS = 1_000;
const tenantEvent = consoleEvent.extend({ tenant: z.string() });

/** One LISTEN connection per process, opened at the first subscription and reopened for as long as somebody listens. */
class EventBus {
  private readonly listeners = new Set<EventListener>();
  private client: Client | null = null;
  private opening: Promise<void> | null = null;
  private closed = false;

  /** Resolves once the connection listens, so that nothing committed afterwards is missed. Returns the way to stop. */
  async subscribe(listener: EventListener): Promise<() => void> {
    this.listeners.add(listener);
    try {
      await this.open();
    } catch (error) {
      this.listeners.delete(listener);
      throw error;
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.disconnect();
    };
  }

  /** Ends the connection for good (shutdown). */
  close(): void {
    this.closed = true;
    this.listeners.clear();
    this.disconnect();
  }

  private async open(): Promise<void> {
    if (this.client || this.closed) return;
    this.opening ??= this.connect().finally(() => {
      this.opening = null;
    });
    await this.opening;
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: getConfig().databaseUrl,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    client.on('notification', ({ payload }) => this.deliver(payload ?? ''));
    await client.connect();
    await client.query(`LISTEN ${EVENT_CHANNEL}`);
    this.client = client;
    if (this.listeners.size === 0) this.disconnect();
  }

  private deliver(payload: string): void {
    let value: unknown;
    try {
      value = JSON.parse(payload);
    } catch {
      return;
    }
    const event = tenantEvent.safeParse(value);
    if (event.success) for (const listener of [...this.listeners]) listener(event.data);
  }

  private lose(client: Client): void {
    if (this.client !== client) return;
    this.client = null;
    this.retry();
  }

  private retry(): void {
    if (this.closed || this.listeners.size === 0) return;
    setTimeout(() => {
      this.open().then(
        () => {
          for (const listener of [...this.listeners]) listener(null);
        },
        () => this.retry(),
      );
    }, RECONNECT_MS).unref();
  }

  private disconnect(): void {
    const client = this.client;
    this.client = null;
    client?.end().catch(() => {});
  }
}

/** The process's bus. */
export function getEventBus(): EventBus {
  return sharedSingleton('event-bus', () => {
    const bus = new EventBus();
    process.once('SIGTERM', () => bus.close());
    return bus;
  });
}
