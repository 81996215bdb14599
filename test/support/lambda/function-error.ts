import { MAX_ANSWER_BYTES, MAX_STREAMED_BYTES } from './limits.ts';

/** What stands in the payload of an invocation that failed. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  /** Lines of the stack; the platform's own errors have none. */
  trace?: string[];
}

/** The function's time was over; its process was ended. */
export function timedOut(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1000).toFixed(2);
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`,
  };
}

/** The process ended by itself. @param reason `exit status 1`, `signal: killed`; undefined after a clean exit */
export function exited(requestId: string, reason: string | undefined): FunctionError {
  const message =
    reason === undefined
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${reason}`;
  return { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: ${message}` };
}

/** The answer is larger than the platform delivers. */
export function answerTooLarge(isStreamed: boolean): FunctionError {
  const bytes = isStreamed ? MAX_STREAMED_BYTES : MAX_ANSWER_BYTES;
  return {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${bytes} bytes).`,
  };
}

/** The error that a runtime reported; what is not of that form is told as it came. */
export function reportedError(body: Buffer, errorType: string | undefined): FunctionError {
  try {
    const error = JSON.parse(body.toString());
    if (typeof error?.errorMessage === 'string') return { errorType: errorType ?? 'Unhandled', ...error };
  } catch {
    // Falls through to what the platform does with anything else.
  }
  return { errorType: errorType ?? 'Unhandled', errorMessage: body.toString() };
}
