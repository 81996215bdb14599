/** Does `work` for up to `limit` items at a time, ahead of who takes the results; these come in the order of the items. */
export async function* ahead<T, R>(
  items: AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // It is looked at when its turn comes, which may be after another has failed.
    result.catch(() => {});
    begun.push(result);
    if (begun.length >= limit) yield await (begun.shift() as Promise<R>);
  }
  for (const result of begun) yield await result;
}
