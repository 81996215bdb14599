import { FILE_EVENT_TYPES } from '../../projection/event/event-types.ts';
import { record } from './answers.ts';
import type { Operation } from './operation.ts';
import { limit, queryText } from './parameters.ts';

const text = { type: 'string' } as const;
const whole = { type: 'integer' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const commit = { type: 'string', pattern: '^[0-9a-f]{40}$' } as const;
const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });

const event = record(
  {
    id: text,
    type: {
      enum: FILE_EVENT_TYPES,
    },
    commit,
    author: text,
    date: time,
    message: text,
    path: text,
  },
  { from: text },
);

const setAside = record({
  item: text,
  code: text,
  message: text,
  since: time,
  next_attempt: time,
  attempts: whole,
});

const projection = record({
  name: text,
  off: { type: 'boolean' },
  revision: orNull(commit),
  head: orNull(commit),
  behind: orNull(record({ commits: whole, seconds: whole })),
  set_aside: { type: 'array', items: setAside },
  dropped: whole,
  failure: orNull(record({ code: text, message: text })),
});

export const projectionOperations = {
  listProjections: {
    summary: 'Tells how far search, site and messages follow the commits',
    description:
      '`behind` is null where nothing was taken in yet, or of another history. What is set aside is tried again by itself; `dropped` counts what found no room among it.',
    tag: 'service',
    answers: {
      200: {
        description: 'The projections, in the order in which they run',
        schema: record({ projections: { type: 'array', items: projection } }),
      },
    },
    errors: ['forbidden'],
  },
  listChanges: {
    summary: 'Lists what happened in the wiki, oldest first',
    description:
      'Events of what the caller may read now. Who goes on from `cursor` misses nothing and gets nothing twice; `more`: there is, or may be, more at once.',
    tag: 'history',
    query: [
      queryText(
        'since',
        '`cursor` of an answer before, or the id of an event; `start`: from the first commit on. Default: the newest events.',
      ),
      limit('Most events of the answer; default 100, most 1,000.'),
    ],
    answers: {
      200: {
        description: 'The events',
        schema: record({ events: { type: 'array', items: event }, cursor: text, more: { type: 'boolean' } }),
      },
    },
    errors: ['cursor_invalid', 'changes_gone'],
  },
} as const satisfies Record<string, Operation>;
