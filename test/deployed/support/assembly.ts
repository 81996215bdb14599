import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll } from 'vitest';
import { buildFunctions } from '../../../infra/functions/build.ts';
import { addPlugins } from '../../../infra/functions/plugins.ts';
import { readContext } from '../../../infra/read-context.ts';
import { WikiStack } from '../../../infra/stack.ts';
import { ROOT } from '../../support/cli.ts';
import type { Template } from '../../support/cloudformation.ts';

/** What stands in front of the API: a value of the context. */
export type DoorKind = 'functionUrl' | 'httpApi';

/** A stack for each door; `many` has a function URL, and many wikis below `/w`. */
export type StackKind = DoorKind | 'many';

/** A stack as it would leave for AWS. */
export interface AssembledStack {
  name: string;
  template: Template;
  /** The folder of the asset that is stored under a key such as `3b73.zip`. */
  assetFolder(s3Key: string): string;
}

/** Whoever deployed has it; the stack has its hash. */
export const API_KEY = `kw_${'5a'.repeat(32)}`;

/** Of the stack of many wikis. */
const PLUGIN = 'examples/plugins/house-rules.ts';

const STACKS: Readonly<
  Record<StackKind, { stackName: string; frontDoor: DoorKind; tenants?: string; plugins?: string }>
> = {
  functionUrl: { stackName: 'Kittiwake', frontDoor: 'functionUrl' },
  httpApi: { stackName: 'KittiwakeHttp', frontDoor: 'httpApi' },
  many: { stackName: 'KittiwakeMany', frontDoor: 'functionUrl', tenants: 'path:/w', plugins: PLUGIN },
};

let assembly: Readonly<Record<StackKind, AssembledStack>> | undefined;

/** Some seconds of the processor, which a busy machine gives to others. */
const ASSEMBLY_TIMEOUT_MS = 180_000;

/** Bundles the functions and synthesises the stacks, once for all tests of a file. */
export function assembledForTests(): void {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kittiwake-assembly-'));
    const functionsFolder = join(folder, 'functions');
    await buildFunctions(functionsFolder);
    await addPlugins(functionsFolder, [PLUGIN]);
    assembly = synthesise(functionsFolder, join(folder, 'cdk.out'));
  }, ASSEMBLY_TIMEOUT_MS);
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
}

/** What {@link assembledForTests} made. */
export function assembledStack(kind: StackKind): AssembledStack {
  if (assembly === undefined) throw new Error('Nothing has been synthesised');
  return assembly[kind];
}

/** As infra/app.ts does for `cdk synth`. */
function synthesise(functionsFolder: string, outdir: string): Record<StackKind, AssembledStack> {
  const { context: switches } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  const apiKeySha256 = createHash('sha256').update(API_KEY).digest('hex');
  const app = new App({ outdir, analyticsReporting: false, context: switches });
  for (const given of Object.values(STACKS)) {
    const context = readContext({ apiKeySha256, ...given });
    new WikiStack(app, given.stackName, { context, functionsFolder });
  }
  app.synth();
  const read = (kind: StackKind) => readStack(outdir, STACKS[kind].stackName);
  return { functionUrl: read('functionUrl'), httpApi: read('httpApi'), many: read('many') };
}

/** https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/cloud-assembly-schema */
function readStack(outdir: string, name: string): AssembledStack {
  const json = (file: string) => JSON.parse(readFileSync(join(outdir, file), 'utf8'));
  const { artifacts } = json('manifest.json');
  const { files } = json(artifacts[`${name}.assets`].properties.file);
  return {
    name,
    template: json(artifacts[name].properties.templateFile),
    assetFolder(s3Key) {
      const { path, packaging } = files[s3Key.replace(/\.zip$/, '')].source;
      if (packaging !== 'zip') throw new Error(`the asset "${s3Key}" is no folder`);
      return join(outdir, path);
    },
  };
}
