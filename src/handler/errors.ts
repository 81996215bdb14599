import { KittiwakeError } from '../core/errors.ts';

export function eventUnknown(): KittiwakeError {
  return new KittiwakeError(
    'event_unknown',
    'Handling an event: it is neither a batch of a queue nor one of the schedule',
  );
}

export function importUnnamed(key: string): KittiwakeError {
  return new KittiwakeError(
    'import_unnamed',
    `Importing "${key}": it must lie in imports/NAME/, where NAME is that of a wiki that is there`,
    { data: { key } },
  );
}
