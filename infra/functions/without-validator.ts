import type { Plugin } from 'esbuild';

const SHIMS = /^@modelcontextprotocol\/server\/_shims$/;

/** What the MCP package takes by the runtime, with a validator that nobody asks: the server checks what no person has answered. */
const SOURCE = `
export { default as process } from 'node:process';
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error('There is no validator in this bundle');
  }
}
`;

/** Leaves the JSON Schema validator out that the MCP package brings, a third of it: the server gives it one of its own. */
export const withoutValidator: Plugin = {
  name: 'without-validator',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: SHIMS }, ({ path }) => ({ path, namespace: 'without-validator' }));
    onLoad({ filter: SHIMS, namespace: 'without-validator' }, () => ({ contents: SOURCE, loader: 'js' }));
  },
};
