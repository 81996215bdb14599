import { Fn } from 'aws-cdk-lib';
import { FunctionUrlAuthType, InvokeMode, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CustomDomain } from './custom-domain.ts';
import { HttpApiDoor } from './http-api-door.ts';
import type { StackContext } from './read-context.ts';

export interface FrontDoorProps {
  target: LambdaFunction;
  context: StackContext;
  /** What CloudFront proves itself with. Absent: there is none. */
  originSecret: string | undefined;
}

/**
 * Where requests come in, without AWS credentials: REST, MCP and git clients have none and cannot sign. The function checks
 * the API key itself, and its 401 keeps the header `WWW-Authenticate`, which a REST API would rename.
 */
export class FrontDoor extends Construct {
  /** Without a slash at the end. */
  readonly url: string;
  /** What the name of one's own must point to. */
  readonly distributionDomain: string | undefined;

  constructor(scope: Construct, id: string, { target, context, originSecret }: FrontDoorProps) {
    super(scope, id);
    if (context.frontDoor === 'httpApi') {
      this.url = new HttpApiDoor(this, 'HttpApi', { target, context }).url;
      return;
    }
    const functionUrl = target.addFunctionUrl({
      authType: FunctionUrlAuthType.NONE,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    const { domainName, certificateArn } = context;
    if (domainName === undefined || certificateArn === undefined || originSecret === undefined) {
      this.url = Fn.select(0, Fn.split('/?', Fn.join('', [functionUrl.url, '?'])));
      return;
    }
    const domain = new CustomDomain(this, 'Domain', {
      functionUrl,
      domainName,
      certificateArn,
      originSecret,
      timeoutSeconds: context.apiTimeout,
    });
    this.url = `https://${domainName}`;
    this.distributionDomain = domain.distributionDomain;
  }
}
