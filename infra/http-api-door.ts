import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StackContext } from './read-context.ts';

export interface HttpApiDoorProps {
  target: IFunction;
  context: Pick<StackContext, 'logRetentionDays'>;
}

/** Requests a second, and at once. They come before the reserved concurrency of the function, and cost nothing. */
const RATE_LIMIT = 200;
const BURST_LIMIT = 400;

/** What is logged of a request: neither its path nor who sent it. */
const LOGGED = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  method: '$context.httpMethod',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationMs: '$context.integrationLatency',
  error: '$context.integrationErrorMessage',
};

/** An HTTP API that hands everything on to a function. Answers are gathered whole: 6 MB at most, within 30 seconds. */
export class HttpApiDoor extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { target, context }: HttpApiDoorProps) {
    super(scope, id);
    const api = new HttpApi(this, 'Api', {
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Function', target),
    });
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: context.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: RATE_LIMIT, burstLimit: BURST_LIMIT },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(LOGGED)),
      },
    });
    this.url = api.apiEndpoint;
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function checks the API key itself, so that its 401 says in WWW-Authenticate what is asked for.',
    });
  }
}
