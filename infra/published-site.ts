import { Stack, Validations } from 'aws-cdk-lib';
import {
  CachePolicy,
  Distribution,
  HttpVersion,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeDistribution } from './custom-domain.ts';

/** The published pages: what lies below `site/`, and nothing else of the bucket. */
export class PublishedSite extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { bucket }: { bucket: Bucket }) {
    super(scope, id);
    const control = new S3OriginAccessControl(this, 'AccessControl');
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'The published pages of a Kittiwake',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      // The construct's own way, with an access control in its hands, lets CloudFront read the whole bucket.
      defaultBehavior: {
        origin: S3BucketOrigin.withBucketDefaults(bucket as IBucket, {
          originPath: '/site',
          originAccessControlId: control.originAccessControlId,
        }),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: ResponseHeadersPolicy.SECURITY_HEADERS,
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      },
      // Without the right to list the bucket, S3 answers 403 for what is not there.
      errorResponses: [{ httpStatus: 403, responseHttpStatus: 404, responsePagePath: '/404.html' }],
    });
    bucket.addToResourcePolicy(readableBy(distribution, bucket));
    this.url = `https://${distribution.distributionDomainName}`;
    acknowledgeDistribution(distribution);
    Validations.of(distribution).acknowledge({
      id: 'AwsSolutions-CFR4',
      reason: 'The site has the name and certificate of CloudFront, whose least protocol cannot be chosen.',
    });
  }
}

function readableBy(distribution: Distribution, bucket: Bucket): PolicyStatement {
  const { account, partition } = Stack.of(bucket);
  return new PolicyStatement({
    sid: 'PublishedSite',
    principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
    actions: ['s3:GetObject'],
    resources: [bucket.arnForObjects('site/*')],
    conditions: {
      StringEquals: {
        'aws:SourceArn': `arn:${partition}:cloudfront::${account}:distribution/${distribution.distributionId}`,
      },
    },
  });
}
