import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The outputs of stacks, by the name of each. */
export type StackTable = Record<string, Record<string, string>>;

/**
 * Answers DescribeStacks as CloudFormation does, until the running test is over. Stacks that are not in the table are refused in
 * its words. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
 */
export async function cloudFormationForTest(stacks: StackTable): Promise<{ endpoint: string }> {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      const { status, xml } = answer(new URLSearchParams(body), stacks);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function answer(parameters: URLSearchParams, stacks: StackTable): { status: number; xml: string } {
  const name = parameters.get('StackName') ?? '';
  const outputs = stacks[name];
  if (parameters.get('Action') !== 'DescribeStacks') return refusal('InvalidAction', 'no such action');
  if (outputs === undefined) return refusal('ValidationError', `Stack with id ${name} does not exist`);
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackName>${name}</StackName><CreationTime>2026-11-21T18:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join('')}</Outputs>`;
  return {
    status: 200,
    xml: `<DescribeStacksResponse xmlns="${NAMESPACE}"><DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  };
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';

function refusal(code: string, message: string): { status: number; xml: string } {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status: 400, xml: `<ErrorResponse xmlns="${NAMESPACE}">${error}</ErrorResponse>` };
}
