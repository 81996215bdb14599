import { type DeployedNames, resolver, type Template } from '../../support/cloudformation.ts';
import type { FunctionDefinition } from '../../support/lambda/function-process.ts';
import type { AssembledStack } from './assembly.ts';

export const FUNCTION_NAMES = ['api', 'project', 'import'] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

/** A function as its template says. */
export interface TemplateFunction {
  logicalId: string;
  definition: FunctionDefinition;
  /** Undefined: that of the account. */
  reservedConcurrency: number | undefined;
}

interface FunctionProperties {
  Code: { S3Key: string };
  Handler: string;
  Runtime: string;
  Timeout: number;
  MemorySize: number;
  Environment: { Variables: Record<string, string> };
  ReservedConcurrentExecutions?: number;
}

/** What `npm run deploy` and people are told of the stack. */
export function outputOf({ Outputs = {} }: Template, name: string): unknown {
  const output = Outputs[name];
  if (output === undefined) throw new Error(`the template has no output "${name}"`);
  return output.Value;
}

/**
 * Reads a function off the template. `environment` is added: how the S3 server is reached that stands for AWS.
 * @throws Error when the template asks for another Node than this one
 */
export function templateFunction(
  { template, assetFolder }: AssembledStack,
  name: FunctionName,
  names: DeployedNames,
  environment: Readonly<Record<string, string>>,
): TemplateFunction {
  const output = `${name.charAt(0).toUpperCase()}${name.slice(1)}Function`;
  const { Ref: logicalId = '' } = outputOf(template, output) as { Ref?: string };
  const properties = resolver(template, names)(template.Resources[logicalId]?.Properties);
  const { Code, Handler, Runtime, Timeout, MemorySize, Environment, ReservedConcurrentExecutions } =
    properties as FunctionProperties;
  const runtime = `nodejs${process.versions.node.split('.')[0]}.x`;
  if (Runtime !== runtime) throw new Error(`the function "${name}" wants ${Runtime}, this is ${runtime}`);
  const definition = {
    taskRoot: assetFolder(Code.S3Key),
    handler: Handler,
    timeoutMs: Timeout * 1000,
    memoryMb: MemorySize,
    environment: { ...Environment.Variables, ...environment },
    name: logicalId,
  };
  return { logicalId, definition, reservedConcurrency: ReservedConcurrentExecutions };
}
