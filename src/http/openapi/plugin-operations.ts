import { record } from './answers.ts';
import type { Operation } from './operation.ts';

const text = { type: 'string' } as const;
const count = { type: 'integer' } as const;
const milliseconds = { type: 'number' } as const;

const hook = record({
  hook: text,
  calls: count,
  failures: count,
  total_ms: milliseconds,
  max_ms: milliseconds,
});
const plugin = record({ name: text, version: text, source: text, hooks: { type: 'array', items: hook } });

export const pluginOperations = {
  listPlugins: {
    summary: 'Lists the plugins, and what their hooks have come to in the process that answers',
    tag: 'service',
    answers: {
      200: {
        description: 'In the order in which they are asked',
        schema: record({ plugins: { type: 'array', items: plugin } }),
      },
    },
    errors: ['forbidden', 'plugin_invalid'],
  },
} as const satisfies Record<string, Operation>;
