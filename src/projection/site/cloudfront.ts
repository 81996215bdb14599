import type { CloudFrontClientConfig } from '@aws-sdk/client-cloudfront';
import { invalidationFailed } from './errors.ts';
import type { Invalidator } from './invalidator.ts';
import { encodeUrl, siteKey } from './site-key.ts';

/** More paths are asked for as one: AWS counts a path with an asterisk once. */
const MAX_PATHS = 100;

const ATTEMPTS = 3;
const TIMEOUT_MS = 10_000;

/**
 * Sends invalidations to a CloudFront distribution. Both paths of an object are named: that which readers ask for and that
 * which the function at the edge makes of it.
 * @param client default: region and credentials of the environment
 */
export function createCloudFrontInvalidator(
  distribution: string,
  client: CloudFrontClientConfig = {},
): Invalidator {
  return {
    async invalidate(urls, reference) {
      if (urls.length === 0) return;
      const paths = urls.flatMap(url => [`/${encodeUrl(url)}`, `/${siteKey(url) ?? ''}`]);
      const items = paths.length > MAX_PATHS ? ['/*'] : [...new Set(paths)].sort();
      try {
        await send(distribution, client, { items, reference });
      } catch (error) {
        throw invalidationFailed(distribution, error);
      }
    },
  };
}

async function send(
  distribution: string,
  client: CloudFrontClientConfig,
  { items, reference }: { items: string[]; reference: string },
): Promise<void> {
  const { CloudFrontClient, CreateInvalidationCommand } = await import('@aws-sdk/client-cloudfront');
  // CloudFront is one service for all regions, and this is where it is.
  const cloudFront = new CloudFrontClient({ region: 'us-east-1', maxAttempts: ATTEMPTS, ...client });
  try {
    await cloudFront.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: {
          CallerReference: reference,
          Paths: { Quantity: items.length, Items: items },
        },
      }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
  } finally {
    cloudFront.destroy();
  }
}
