import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { FrontDoor } from './front-door.ts';
import type { PublishedSite } from './published-site.ts';
import type { StackContext } from './read-context.ts';
import type { WikiFunctions } from './wiki-functions.ts';

export interface OutputsProps {
  context: StackContext;
  uuid: string;
  bucket: Bucket;
  functions: WikiFunctions;
  door: FrontDoor;
  site: PublishedSite | undefined;
}

/** What the stack tells to `npm run deploy` and to people. */
export function writeOutputs(stack: Stack, props: OutputsProps): void {
  const { context, uuid, bucket, functions, door, site } = props;
  const output = (name: string, value: string | undefined, description: string) => {
    if (value !== undefined) new CfnOutput(stack, name, { value, description });
  };
  output('Url', door.url, 'Where the wiki is');
  output('DistributionDomain', door.distributionDomain, `CNAME or alias target of ${context.domainName}`);
  output('SiteUrl', site?.url, 'Where the published pages are');
  output('Bucket', bucket.bucketName, 'The bucket that holds everything');
  output('Wiki', uuid, 'The uuid of the wiki');
  output('Region', stack.region, 'The region of the bucket');
  output('ApiKeySha256', context.apiKeySha256, 'SHA-256 of the API key; the key itself is nowhere in AWS');
  output('KeepsBucket', String(!context.destroyBucket), 'Whether the bucket stays when the stack goes');
  for (const [name, { function: target }] of functions.byName()) {
    const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`;
    output(id, target.functionName, `Name of the ${name} function`);
  }
  output(
    'CodeCacheFunction',
    functions.codeCache.function.functionName,
    'What npm run deploy has compile the API',
  );
}
