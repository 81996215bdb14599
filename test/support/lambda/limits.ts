/** Sizes that the platform enforces: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */

/** Of the JSON event of a synchronous invocation: 6 MB. */
export const MAX_EVENT_BYTES = 6_291_456;
/** Of a buffered answer; its refusal names this number. */
export const MAX_ANSWER_BYTES = 6_291_556;
/** Of a streamed answer: 200 MB. */
export const MAX_STREAMED_BYTES = 209_715_200;
/** Of the event of an asynchronous invocation, and of a message in a queue: 1 MB. */
export const MAX_ASYNCHRONOUS_BYTES = 1_048_576;
/** Of a request to an HTTP API: 10 MB. */
export const MAX_HTTP_API_BYTES = 10_485_760;
/** Of the request line and the headers of a request to an HTTP API. */
export const MAX_HTTP_API_HEADER_BYTES = 10_240;
/** How long an HTTP API waits for an answer. */
export const HTTP_API_TIMEOUT_MS = 30_000;
