import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { isKittiwakeError } from '../src/core/errors.ts';
import { buildFunctions, DEFAULT_FOLDER } from './functions/build.ts';
import { addPlugins } from './functions/plugins.ts';
import { readContext } from './read-context.ts';
import { WikiStack } from './stack.ts';

/** Bundles the functions and synthesises the stack; named in cdk.json. */
async function main(): Promise<void> {
  const app = new App();
  const context = readContext(app.node.getAllContext());
  await buildFunctions(DEFAULT_FOLDER);
  await addPlugins(DEFAULT_FOLDER, context.plugins);
  new WikiStack(app, context.stackName, { context, functionsFolder: DEFAULT_FOLDER });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  console.error(isKittiwakeError(error) ? `error: ${error.message}` : error);
});
