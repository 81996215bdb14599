import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

export interface CustomDomainProps {
  functionUrl: IFunctionUrl;
  domainName: string;
  /** In us-east-1. */
  certificateArn: string;
  /** Sent along as `x-kittiwake-origin`; the function refuses requests without it. */
  originSecret: string;
  /** How long the function may take, in seconds; at most 59. */
  timeoutSeconds: number;
}

/**
 * CloudFront in front of the URL of a function, for a name of one's own. Nothing is cached and nothing is rewritten. Without
 * origin access control: with it the *client* would have to send the hash of each body (`x-amz-content-sha256`).
 */
export class CustomDomain extends Construct {
  readonly distributionDomain: string;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Kittiwake at ${props.domainName}`,
      domainNames: [props.domainName],
      certificate: Certificate.fromCertificateArn(this, 'Certificate', props.certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      defaultBehavior: {
        origin: new FunctionUrlOrigin(props.functionUrl, {
          // It is the function that gives up.
          readTimeout: Duration.seconds(Math.max(30, props.timeoutSeconds + 1)),
          customHeaders: { 'x-kittiwake-origin': props.originSecret },
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        compress: false,
      },
    });
    this.distributionDomain = distribution.distributionDomainName;
    acknowledgeDistribution(distribution);
  }
}

/** What is asked of every distribution and is not wanted here. */
export function acknowledgeDistribution(distribution: Distribution): void {
  const validations = Validations.of(distribution);
  validations.acknowledge({
    id: 'AwsSolutions-CFR1',
    reason: 'A wiki is read wherever its readers are; no country is left out.',
  });
  validations.acknowledge({
    id: 'AwsSolutions-CFR2',
    reason:
      'A web application firewall costs more each month than a small wiki; the API takes no request without its key, and reserved concurrency is its throttle.',
  });
  validations.acknowledge({
    id: 'AwsSolutions-CFR3',
    reason:
      'Access logs of CloudFront hold the paths of pages in clear text; the function logs each request with its path hashed.',
  });
}
