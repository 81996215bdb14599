import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/**
 * Takes Node's own modules by `process.getBuiltinModule`: the ES module facades of some read lazy getters, and so load
 * what nobody asked for (undici, with node:http: 20 ms). Each importer has a copy of the line that does so: one that several
 * share would be a file of its own.
 */
export const builtinsOnUse: Plugin = {
  name: 'builtins-on-use',
  setup({ onResolve, onLoad }) {
    const names = new Set([...builtinModules, ...builtinModules.map(name => `node:${name}`)]);
    onResolve({ filter: /^(node:)?[a-z_/0-9]+$/ }, ({ path, importer, kind }) => {
      if (!names.has(path)) return undefined;
      const isRequired = kind === 'require-call';
      return { path, namespace: isRequired ? 'builtin-required' : 'builtin', suffix: `?${importer}` };
    });
    onLoad({ filter: /.*/, namespace: 'builtin-required' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      loader: 'js',
    }));
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: facadeOf(path),
      loader: 'js',
    }));
  },
};

/** Those of its exports that nobody imports are dropped, so that their getters are not called. */
function facadeOf(path: string): string {
  const names = Object.keys(process.getBuiltinModule(path) ?? {});
  const lines = names
    .filter(name => /^[A-Za-z_]\w*$/.test(name) && name !== 'default')
    .map(name => `export const ${name} = /* @__PURE__ */ take('${name}');\n`);
  return `const all = process.getBuiltinModule(${JSON.stringify(path)});
const take = name => all[name];
export default all;
${lines.join('')}`;
}
