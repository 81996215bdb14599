import { nearest } from '../core/nearest.ts';
import { pluginInvalid } from './errors.ts';
import { HOOKS, type HookName, type Plugin } from './plugin.ts';

/**
 * What a module exports as `plugin`, checked: a name, a version, hooks that are functions, and nothing that is misspelt.
 * @throws KittiwakeError `plugin_invalid`
 */
export function checkPlugin(source: string, exported: unknown): Plugin {
  if (exported === undefined) throw pluginInvalid(source, 'it exports no "plugin"');
  if (typeof exported !== 'object' || exported === null) {
    throw pluginInvalid(source, `its "plugin" is ${describe(exported)}, wanted an object`);
  }
  const { name, version, ...rest } = exported as Record<string, unknown>;
  if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) {
    const wanted = 'wanted up to 63 lower-case letters, digits and hyphens';
    throw pluginInvalid(source, `its name is ${describe(name)}, ${wanted}`);
  }
  if (version !== undefined && (typeof version !== 'string' || version.length > 100)) {
    throw pluginInvalid(source, `its version is ${describe(version)}, wanted a text of up to 100 characters`);
  }
  for (const [key, value] of Object.entries(rest)) checkHook(source, key, value);
  return exported as Plugin;
}

function checkHook(source: string, key: string, value: unknown): void {
  if (!HOOKS.includes(key as HookName)) {
    const near = nearest(key, HOOKS);
    const hint = near === undefined ? `known are ${HOOKS.join(', ')}` : `did you mean "${near}"?`;
    throw pluginInvalid(source, `there is no hook "${key}", ${hint}`);
  }
  if (value !== undefined && typeof value !== 'function') {
    throw pluginInvalid(source, `its "${key}" is ${describe(value)}, wanted a function`);
  }
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : typeof value;
}
