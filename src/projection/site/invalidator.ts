/** Tells caches in front of the site what has changed. */
export interface Invalidator {
  /**
   * Resolves when the request was taken, not when all caches have followed.
   * @param urls as `siteKey` takes them
   * @param reference the same for the same request: a repeat does nothing twice
   * @throws KittiwakeError `invalidation_failed`
   */
  invalidate(urls: readonly string[], reference: string): Promise<void>;
}
