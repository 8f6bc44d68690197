/**
 * One instance per process. Next loads modules up to three times (instrumentation, route handlers, pages), so a
 * module-level variable would give three pools and three group-commit queues.
 */
export function sharedSingleton<T>(name: string, create: () => T): T {
  const key = Symbol.for(`countersign.${name}`);
  const store = globalThis as unknown as Record<symbol, T | undefined>;
  store[key] ??= create();
  return store[key] as T;
}
