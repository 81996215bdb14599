import { KittiwakeError } from '../core/errors.ts';

export function eventUnknown(): KittiwakeError {
  return new KittiwakeError(
    'event_unknown',
    'Handling an event: it is neither a batch of a queue nor one of the schedule',
  );
}
