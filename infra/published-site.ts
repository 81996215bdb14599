import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  ResponseHeadersPolicy,
  type ResponseSecurityHeadersBehavior,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { NOT_FOUND_URL, siteKey } from '../src/projection/site/site-key.ts';
import { SITE_SECURITY } from '../src/projection/site/site-security.ts';
import { acknowledgeDistribution } from './custom-domain.ts';
import { edgeCode } from './edge/edge-code.ts';

export interface PublishedSiteProps {
  bucket: Bucket;
  /** Of the wiki whose pages are shown. */
  uuid: string;
}

/** For so long what was not there is not asked for again. */
const ABSENT_SECONDS = 5;

/** The published pages of one wiki: what lies below `site/<uuid>/`, and nothing else of the bucket. */
export class PublishedSite extends Construct {
  readonly url: string;
  readonly #distribution: Distribution;

  constructor(scope: Construct, id: string, { bucket, uuid }: PublishedSiteProps) {
    super(scope, id);
    const control = new S3OriginAccessControl(this, 'AccessControl');
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'The published pages of a Kittiwake',
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      // The construct's own way, with an access control in its hands, lets CloudFront read the whole bucket.
      defaultBehavior: {
        origin: S3BucketOrigin.withBucketDefaults(bucket as IBucket, {
          originPath: `/site/${uuid}`,
          originAccessControlId: control.originAccessControlId,
        }),
        // Objects say themselves for how long they may be kept.
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: this.#headers(),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        functionAssociations: [{ function: this.#edge(), eventType: FunctionEventType.VIEWER_REQUEST }],
      },
      // Without the right to list the bucket, S3 answers 403 for what is not there.
      errorResponses: [
        {
          httpStatus: 403,
          responseHttpStatus: 404,
          responsePagePath: `/${siteKey(NOT_FOUND_URL)}`,
          ttl: Duration.seconds(ABSENT_SECONDS),
        },
      ],
    });
    bucket.addToResourcePolicy(readableBy(distribution, bucket, uuid));
    this.#distribution = distribution;
    this.url = `https://${distribution.distributionDomainName}`;
    acknowledgeDistribution(distribution);
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions-CFR4',
      reason: 'The site has the name and certificate of CloudFront, whose least protocol cannot be chosen.',
    });
  }

  /** Lets a function say what has changed, and tells it where the site is. */
  followedBy(target: LambdaFunction, { siteUrl }: { siteUrl: string }): void {
    this.#distribution.grantCreateInvalidation(target);
    target.addEnvironment('KITTIWAKE_SITE_DISTRIBUTION', this.#distribution.distributionId);
    if (siteUrl === '') target.addEnvironment('KITTIWAKE_SITE_URL', this.url);
  }

  #edge(): EdgeFunction {
    return new EdgeFunction(this, 'Request', {
      comment: 'Finds the object of a path',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(edgeCode()),
    });
  }

  /** Those that `kittiwake serve` sends, and that the site is to be asked for by HTTPS from now on. */
  #headers(): ResponseHeadersPolicy {
    const own = Object.entries(SITE_SECURITY).filter(([name]) => !AWS_KNOWS.includes(name));
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'What browsers may do with the published pages',
      securityHeadersBehavior: SECURITY,
      customHeadersBehavior: {
        customHeaders: own.map(([header, value]) => ({ header, value, override: true })),
      },
    });
  }
}

const SECURITY: ResponseSecurityHeadersBehavior = {
  contentSecurityPolicy: {
    contentSecurityPolicy: SITE_SECURITY['content-security-policy'] ?? '',
    override: true,
  },
  contentTypeOptions: { override: true },
  frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
  referrerPolicy: {
    referrerPolicy: HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
    override: true,
  },
  strictTransportSecurity: { accessControlMaxAge: Duration.days(365), override: true },
};

/** Headers that AWS takes in {@link SECURITY} only. */
const AWS_KNOWS = [
  'content-security-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
];

function readableBy(distribution: Distribution, bucket: Bucket, uuid: string): PolicyStatement {
  const { account, partition } = Stack.of(bucket);
  return new PolicyStatement({
    sid: 'PublishedSite',
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects(`site/${uuid}/*`)],
    conditions: {
      StringEquals: {
        'aws:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/${distribution.distributionId}`,
      },
    },
  });
}
