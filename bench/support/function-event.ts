import { API_KEY } from './served.ts';

/** A request as a function URL delivers it. */
export function functionEvent(method: string, path: string, body?: Readonly<Record<string, unknown>>) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
    requestContext: {
      domainName: 'x.lambda-url.eu-central-1.on.aws',
      stage: '$default',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench' },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    isBase64Encoded: false,
  };
}
