/**
 * Works on up to `depth` items at once and gives the results in the items' order. What fails is told in its place; what is
 * under way when the reader leaves is waited for.
 */
export async function* lookAhead<T, R>(
  items: AsyncIterable<T>,
  depth: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const waiting: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      result.catch(() => {});
      waiting.push(result);
      if (waiting.length >= depth) yield await (waiting.shift() as Promise<R>);
    }
    while (waiting.length > 0) yield await (waiting.shift() as Promise<R>);
  } finally {
    await Promise.allSettled(waiting);
  }
}
