import { addressOfPath } from '../../src/projection/site/site-address.ts';

interface SiteRequest {
  uri: string;
}

interface SiteRedirect {
  statusCode: 301;
  statusDescription: string;
  headers: Record<string, { value: string }>;
}

/** Objects never have such a key: CloudFront answers with the page for what is not there. */
const NOWHERE = '/absent';

/**
 * What CloudFront runs before it looks into its cache: it turns the path of a page into the key of its object. Bundled by
 * `edge-code.ts`. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
 */
export function handler(event: { request: SiteRequest }): SiteRequest | SiteRedirect {
  const request = event.request;
  const address = addressOfPath(request.uri);
  if (address.kind === 'moved') {
    return {
      statusCode: 301,
      statusDescription: 'Moved Permanently',
      headers: {
        location: { value: `/${address.url}` },
        'cache-control': { value: 'public, max-age=60' },
      },
    };
  }
  request.uri = address.kind === 'object' ? `/${address.key}` : NOWHERE;
  return request;
}
