import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { regionMissing, stackUnreadable } from './errors.ts';

/** The outputs of a stack by name: see `outputs.ts`. */
export type StackOutputs = Readonly<Record<string, string>>;

/** How AWS is reached. */
export interface AwsPlace {
  region: string;
  outputsOf(stackName: string): Promise<StackOutputs | undefined>;
}

/**
 * Finds AWS as the environment tells: its region, and what its stacks say of themselves. A stack that is not there has no
 * outputs.
 * @throws KittiwakeError `region_missing`; `stack_unreadable`, of `outputsOf`
 */
export async function findAws(env: NodeJS.ProcessEnv, profile: string | undefined): Promise<AwsPlace> {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined;
  const client = new CloudFormationClient({
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  return {
    region: await regionOf(client),
    outputsOf: stackName => readOutputs(client, stackName),
  };
}

/** As the AWS SDK finds it: in the environment or in the profile. */
async function regionOf({ config }: CloudFormationClient): Promise<string> {
  try {
    return await config.region();
  } catch (error) {
    throw regionMissing(error);
  }
}

async function readOutputs(
  client: CloudFormationClient,
  stackName: string,
): Promise<StackOutputs | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks[0]?.Outputs;
    return (
      outputs && Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
    );
  } catch (error) {
    // There is no code of its own for it.
    if (error instanceof Error && /does not exist$/.test(error.message)) return undefined;
    throw stackUnreadable(stackName, error);
  }
}
