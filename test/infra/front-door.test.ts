import { expect, test } from 'vitest';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const CUSTOM = {
  domainName: 'wiki.example.org',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11',
};

const environmentOf = ({ one }: ReturnType<typeof synthesise>) =>
  (one('AWS::Lambda::Function', 'FunctionsApi').Environment as { Variables: Record<string, unknown> })
    .Variables;

const urlOf = ({ template }: ReturnType<typeof synthesise>) =>
  resolver(template)(template.Outputs?.Url?.Value);

test('the URL of the function streams and asks for no signature', () => {
  const made = synthesise();
  expect(made.one('AWS::Lambda::Url')).toMatchObject({ AuthType: 'NONE', InvokeMode: 'RESPONSE_STREAM' });
  expect(urlOf(made)).toMatch(/^https:\/\/[a-z0-9]+\.lambda-url\.eu-central-1\.on\.aws$/);
});

test('everybody may call it, through its URL only: both permissions are there', () => {
  const permissions = synthesise()
    .all('AWS::Lambda::Permission')
    .map(([, { Properties }]) => Properties ?? {})
    .filter(({ Principal }) => Principal === '*');
  expect(permissions).toHaveLength(2);
  expect(permissions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
      expect.objectContaining({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
    ]),
  );
});

test('an HTTP API takes the handler that answers in one piece', () => {
  const made = synthesise({ frontDoor: 'httpApi' });
  expect(made.one('AWS::Lambda::Function', 'FunctionsApi').Handler).toBe('index.bufferedHandler');
  expect(made.all('AWS::Lambda::Url')).toEqual([]);
  expect(made.one('AWS::ApiGatewayV2::Integration')).toMatchObject({
    IntegrationType: 'AWS_PROXY',
    PayloadFormatVersion: '2.0',
  });
  expect(made.one('AWS::ApiGatewayV2::Route')).toMatchObject({
    RouteKey: '$default',
    AuthorizationType: 'NONE',
  });
  expect(made.one('AWS::ApiGatewayV2::Stage')).toMatchObject({
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingBurstLimit: 400, ThrottlingRateLimit: 200 },
  });
});

test('what an HTTP API logs has no path and no address', () => {
  const stage = synthesise({ frontDoor: 'httpApi' }).one('AWS::ApiGatewayV2::Stage');
  const { Format } = stage.AccessLogSettings as { Format: string };
  expect(Format).toContain('$context.requestId');
  expect(Format).not.toMatch(/path|sourceIp|identity/i);
});

test('without a name of its own a function has no secret of CloudFront', () => {
  const made = synthesise();
  expect(made.all('AWS::CloudFront::Distribution')).toEqual([]);
  expect(environmentOf(made)).not.toHaveProperty('KITTIWAKE_ORIGIN_SECRET');
});

interface Distribution {
  Aliases: string[];
  ViewerCertificate: Record<string, unknown>;
  DefaultCacheBehavior: Record<string, unknown>;
  Origins: {
    OriginAccessControlId?: string;
    OriginCustomHeaders?: unknown[];
    OriginPath?: string;
    CustomOriginConfig?: unknown;
  }[];
  CustomErrorResponses?: unknown[];
}

const distributionOf = (given: Record<string, string>) =>
  (synthesise(given).one('AWS::CloudFront::Distribution') as { DistributionConfig: Distribution })
    .DistributionConfig;

test('CloudFront hands everything on, as it is, and caches nothing', () => {
  const { DefaultCacheBehavior, CustomErrorResponses, Aliases, ViewerCertificate } = distributionOf(CUSTOM);
  expect(DefaultCacheBehavior).toMatchObject({
    AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
    // The managed policies CachingDisabled and AllViewerExceptHostHeader.
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    ViewerProtocolPolicy: 'https-only',
  });
  expect(CustomErrorResponses).toBeUndefined();
  expect(Aliases).toEqual(['wiki.example.org']);
  expect(ViewerCertificate).toMatchObject({ MinimumProtocolVersion: 'TLSv1.2_2021' });
  expect(urlOf(synthesise(CUSTOM))).toBe('https://wiki.example.org');
});

test('CloudFront signs nothing, and proves itself with a secret that no template holds', () => {
  const [origin] = distributionOf(CUSTOM).Origins;
  expect(origin?.OriginAccessControlId).toBeUndefined();
  const made = synthesise(CUSTOM);
  const resolve = resolver(made.template);
  const secret = resolve(environmentOf(made).KITTIWAKE_ORIGIN_SECRET);
  expect(secret).toMatch(/^\{\{resolve:secretsmanager:.*:SecretString:::\}\}$/);
  expect(resolve(origin?.OriginCustomHeaders)).toEqual([
    { HeaderName: 'x-kittiwake-origin', HeaderValue: secret },
  ]);
  expect(made.one('AWS::SecretsManager::Secret')).toMatchObject({
    GenerateSecretString: { PasswordLength: 64 },
  });
});

test('a new secret of CloudFront is one that the function takes beside the one before', () => {
  const secretOf = (given: Record<string, string>) => {
    const made = synthesise({ ...CUSTOM, ...given });
    const resolve = resolver(made.template);
    const { KITTIWAKE_ORIGIN_SECRET: current, KITTIWAKE_ORIGIN_SECRET_PREVIOUS: previous } =
      environmentOf(made);
    const [origin] = distributionOf({ ...CUSTOM, ...given }).Origins;
    expect(resolve(origin?.OriginCustomHeaders)).toEqual([
      { HeaderName: 'x-kittiwake-origin', HeaderValue: resolve(current) },
    ]);
    const count = made.all('AWS::SecretsManager::Secret').length;
    return { current: resolve(current), previous: resolve(previous), count };
  };
  const [first, second, third] = ['1', '2', '3'].map(originSecret => secretOf({ originSecret }));
  expect([first?.previous, first?.count]).toEqual([undefined, 1]);
  expect([second?.previous, second?.count]).toEqual([first?.current, 2]);
  expect([third?.previous, third?.count]).toEqual([second?.current, 2]);
  expect(new Set([first?.current, second?.current, third?.current]).size).toBe(3);
});

test('CloudFront waits for as long as the function may take', () => {
  const waits = (apiTimeout: string) =>
    distributionOf({ ...CUSTOM, apiTimeout }).Origins[0]?.CustomOriginConfig;
  expect(waits('29')).toMatchObject({ OriginReadTimeout: 30, OriginSSLProtocols: ['TLSv1.2'] });
  expect(waits('50')).toMatchObject({ OriginReadTimeout: 51 });
});
