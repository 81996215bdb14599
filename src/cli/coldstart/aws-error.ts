/** Errors of updates with messages that speak of names and permissions only. */
const HARMLESS = new Set([
  'AccessDeniedException',
  'ResourceNotFoundException',
  'TooManyRequestsException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
]);

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** What an error of the client says, on one line. */
export function saidBy(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = message.replace(/\s+/g, ' ').trim();
  return text === '' ? nameOf(error) : `${nameOf(error)}: ${text}`;
}

/** The same of an update: messages about variables quote all of them ("String measured: {…}"), so that only the name is said. */
export function saidByUpdate(error: unknown): string {
  const name = nameOf(error);
  const isFromService = error instanceof Error && '$fault' in error;
  return isFromService && !HARMLESS.has(name) ? name : saidBy(error);
}
