import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type { HttpResponse } from '../http/message.ts';

export type ApiContext = Pick<Context, 'getRemainingTimeInMillis'> & Partial<Pick<Context, 'awsRequestId'>>;

/** The API, in whichever way its answers travel. */
export interface Api {
  /** Answers an event of a function URL or an HTTP API. Never rejects. */
  respond(event: APIGatewayProxyEventV2, context: ApiContext): Promise<HttpResponse>;
  /** To be awaited when the answer has been sent, or is ready: a function that has answered is frozen as it is. */
  settled(context: ApiContext): Promise<void>;
}
