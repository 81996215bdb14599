import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { edgeCode } from '../../infra/edge/edge-code.ts';
import { siteKey } from '../../src/projection/site/site-key.ts';
import { SITE_SECURITY } from '../../src/projection/site/site-security.ts';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const UUID = '0123456789abcdef0123456789abcdef';

interface Distribution {
  DefaultCacheBehavior: { FunctionAssociations: { EventType: string }[]; ViewerProtocolPolicy: string };
  Origins: { OriginAccessControlId?: unknown; OriginPath?: string }[];
  CustomErrorResponses?: unknown[];
}

function distributionOf(given: Record<string, unknown>): Distribution {
  const made = synthesise(given);
  return resolver(made.template)(
    made.one('AWS::CloudFront::Distribution').DistributionConfig,
  ) as unknown as Distribution;
}

const variablesOf = (given: Record<string, unknown>) => {
  const made = synthesise(given);
  const { Environment } = made.one('AWS::Lambda::Function', 'FunctionsProject');
  return resolver(made.template)((Environment as { Variables: unknown }).Variables) as Record<string, string>;
};

test('the distribution shows the pages of one wiki, and nothing else of the bucket', () => {
  const made = synthesise({ site: 'true', wiki: UUID });
  const { Origins, DefaultCacheBehavior } = distributionOf({ site: 'true', wiki: UUID });
  expect(Origins).toHaveLength(1);
  expect(Origins[0]).toMatchObject({
    OriginPath: `/site/${UUID}`,
    OriginAccessControlId: expect.anything(),
  });
  expect(DefaultCacheBehavior).toMatchObject({ ViewerProtocolPolicy: 'redirect-to-https' });
  expect(DefaultCacheBehavior.FunctionAssociations).toMatchObject([{ EventType: 'viewer-request' }]);
  const document = resolver(made.template)(made.one('AWS::S3::BucketPolicy').PolicyDocument);
  const { Statement } = document as { Statement: { Effect: string }[] };
  expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
    expect.objectContaining({
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: expect.stringMatching(new RegExp(`/site/${UUID}/\\*$`)),
      Condition: { StringEquals: { 'aws:SourceArn': expect.stringContaining(':cloudfront::') } },
    }),
  ]);
});

test('what is not there is the page that says so, with its status', () => {
  expect(distributionOf({ site: 'true' }).CustomErrorResponses).toEqual([
    {
      ErrorCode: 403,
      ResponseCode: 404,
      ResponsePagePath: `/${siteKey('-/404')}`,
      ErrorCachingMinTTL: 5,
    },
  ]);
});

test('browsers get the headers that kittiwake serve sends', () => {
  const { ResponseHeadersPolicyConfig } = synthesise({ site: 'true' }).one(
    'AWS::CloudFront::ResponseHeadersPolicy',
  );
  const text = JSON.stringify(ResponseHeadersPolicyConfig);
  for (const value of Object.values(SITE_SECURITY)) {
    // Two are a switch, and a word that AWS has in upper case.
    if (value !== 'nosniff') expect(text).toContain(value);
  }
  expect(text).toContain('ContentTypeOptions');
  expect(text).toContain('"AccessControlMaxAgeSec":31536000');
});

test('the projection function knows where the site is, and may tell what has changed, there only', () => {
  const made = synthesise({ site: 'true' });
  const variables = variablesOf({ site: 'true' });
  expect(variables.KITTIWAKE_SITE_URL).toMatch(/^https:\/\/.*DomainName$/);
  expect(variables.KITTIWAKE_SITE_DISTRIBUTION).toBeTruthy();
  expect(variables).not.toHaveProperty('KITTIWAKE_SITE');
  const statements = made
    .all('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith('FunctionsProject'))
    .map(([, { Properties = {} }]) => Properties.PolicyDocument as { Statement: unknown[] })
    .flatMap(({ Statement }) => Statement);
  expect(resolver(made.template)(statements)).toContainEqual(
    expect.objectContaining({
      Action: 'cloudfront:CreateInvalidation',
      Resource: expect.stringMatching(/^arn:.*:cloudfront::.*:distribution\/[^*]+$/),
    }),
  );
});

test('an address of its own is told instead, and what else the site is called', () => {
  const variables = variablesOf({
    site: 'true',
    siteUrl: 'https://docs.example.org',
    siteName: 'Birds',
    siteAudience: 'REGISTERED',
  });
  expect(variables).toMatchObject({
    KITTIWAKE_SITE_URL: 'https://docs.example.org',
    KITTIWAKE_SITE_NAME: 'Birds',
    KITTIWAKE_SITE_AUDIENCE: 'REGISTERED',
  });
});

test('without a distribution nothing is published', () => {
  expect(synthesise().all('AWS::CloudFront::Distribution')).toEqual([]);
  expect(variablesOf({})).toMatchObject({ KITTIWAKE_SITE: 'false' });
});

test('many wikis have no distribution together', () => {
  expect(() => synthesise({ site: 'true', tenants: 'path:/w' })).toThrow(
    'a distribution shows the pages of one wiki',
  );
});

/** As CloudFront runs it: nothing of Node is there. */
function atEdge(uri: string): unknown {
  return runInNewContext(`${edgeCode()};handler(${JSON.stringify({ request: { uri, method: 'GET' } })})`);
}

test.each([
  ['/', '/p/.html'],
  ['/docs/intro', '/p/docs/intro.html'],
  ['/docs/%C3%9Cber%20uns', '/p/docs/=C3=9Cber=20uns.html'],
  ['/-/files/docs/a%20b.png', '/-/files/docs/a=20b=2Epng.file'],
  ['/-/assets/site-0123456789ab.css', '/-/assets/site-0123456789ab=2Ecss.file'],
  ['/robots.txt', '/-/robots=2Etxt.root'],
  ['/%', '/absent'],
  ['/%2e%2e/x', '/absent'],
])('the function at the edge turns %s into the key %s', (uri, key) => {
  expect(atEdge(uri)).toMatchObject({ uri: key });
});

test.each([
  ['/docs/', '/docs'],
  ['//evil.example/x', '/evil.example/x'],
  ['/docs%2Fintro', '/docs/intro'],
])('the function at the edge sends who asks for %s to %s', (uri, location) => {
  expect(atEdge(uri)).toMatchObject({ statusCode: 301, headers: { location: { value: location } } });
});

test('the function at the edge is written in what is known there', () => {
  const code = edgeCode();
  expect(code.length).toBeLessThan(10_240);
  expect(code).not.toMatch(/\bfor\s*\([^;)]* of |\.\.\.|\?\.|\?\?|\bclass\b|\.(?:flatMap|at)\(/);
});
