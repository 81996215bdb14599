import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll } from 'vitest';
import { buildFunctions } from '../../../infra/functions/build.ts';
import { readContext } from '../../../infra/read-context.ts';
import { WikiStack } from '../../../infra/stack.ts';
import { ROOT } from '../../support/cli.ts';
import type { Template } from '../../support/cloudformation.ts';

/** What stands in front of the API: a value of the context. */
export type DoorKind = 'functionUrl' | 'httpApi';

/** A stack as it would leave for AWS. */
export interface AssembledStack {
  name: string;
  template: Template;
  /** The folder of the asset that is stored under a key such as `3b73.zip`. */
  assetFolder(s3Key: string): string;
}

/** Whoever deployed has it; the stack has its hash. */
export const API_KEY = `kw_${'5a'.repeat(32)}`;

const STACKS: Readonly<Record<DoorKind, string>> = { functionUrl: 'Kittiwake', httpApi: 'KittiwakeHttp' };

let assembly: Readonly<Record<DoorKind, AssembledStack>> | undefined;

/** Bundles the functions and synthesises a stack for each front door, once for all tests of a file. */
export function assembledForTests(): void {
  let folder: string | undefined;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kittiwake-assembly-'));
    const functionsFolder = join(folder, 'functions');
    await buildFunctions(functionsFolder);
    assembly = synthesise(functionsFolder, join(folder, 'cdk.out'));
  });
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
}

/** What {@link assembledForTests} made. */
export function assembledStack(kind: DoorKind): AssembledStack {
  if (assembly === undefined) throw new Error('Nothing has been synthesised');
  return assembly[kind];
}

/** As infra/app.ts does for `cdk synth`. */
function synthesise(functionsFolder: string, outdir: string): Record<DoorKind, AssembledStack> {
  const { context: switches } = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8'));
  const apiKeySha256 = createHash('sha256').update(API_KEY).digest('hex');
  const app = new App({ outdir, analyticsReporting: false, context: switches });
  for (const [frontDoor, stackName] of Object.entries(STACKS)) {
    const context = readContext({ apiKeySha256, frontDoor, stackName });
    new WikiStack(app, stackName, { context, functionsFolder });
  }
  app.synth();
  const read = (kind: DoorKind) => readStack(outdir, STACKS[kind]);
  return { functionUrl: read('functionUrl'), httpApi: read('httpApi') };
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
