import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { readContext } from '../../infra/read-context.ts';
import { WikiStack } from '../../infra/stack.ts';
import { ROOT } from '../support/cli.ts';
import type { Template, TemplateResource } from '../support/cloudformation.ts';

export const KEY_HASH = 'ab'.repeat(32);

export interface Synthesised {
  template: Template;
  /** What was synthesised. */
  app: App;
  /** The resources of a type, by logical id. */
  all(type: string): [id: string, resource: TemplateResource][];
  /** The properties of the one resource of a type whose logical id begins with `start`. */
  one(type: string, start?: string): Readonly<Record<string, unknown>>;
}

const { context: SWITCHES } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));

const made = new Map<string, Synthesised>();

/** The stack for some context values, with empty functions; each variant is made once. */
export function synthesise(given: Readonly<Record<string, unknown>> = {}): Synthesised {
  const name = JSON.stringify(given);
  const known = made.get(name) ?? make(given);
  made.set(name, known);
  return known;
}

function make(given: Readonly<Record<string, unknown>>): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), 'kittiwake-synth-'));
  try {
    const functionsFolder = emptyFunctions(folder);
    const context = readContext({ apiKeySha256: KEY_HASH, ...given });
    const app = new App({ outdir: join(folder, 'out'), analyticsReporting: false, context: SWITCHES });
    const stack = new WikiStack(app, context.stackName, { context, functionsFolder });
    const template = app.synth().getStackByName(stack.stackName).template as Template;
    return { template, app, ...queries(template) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function emptyFunctions(folder: string): string {
  for (const name of ['api', 'project', 'import']) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  }
  return folder;
}

function queries({ Resources }: Template): Pick<Synthesised, 'all' | 'one'> {
  const all = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);
  const one = (type: string, start = '') => {
    const found = all(type).filter(([id]) => id.startsWith(start));
    const [first] = found;
    if (found.length !== 1 || first === undefined) {
      throw new Error(`${found.length} resources of ${type} begin with "${start}"`);
    }
    return first[1].Properties ?? {};
  };
  return { all, one };
}
