import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { environmentForTest } from '../support/lambda/for-test.ts';
import { deploy } from './support/deployment.ts';
import type { OpenPlace } from './support/s3-place.ts';

/** Asks the entry, when it has answered, whether everything it loaded was compiled beforehand. */
const ASKING = `import { bufferedHandler, $used } from './index.mjs';
export const handler = async (event, context) => {
  const { statusCode } = await bufferedHandler(event, context);
  return { statusCode, used: $used() };
};
`;

/** What V8 keeps of the API function, under the runtime that will use it. */
export function codeCacheContract(open: OpenPlace): void {
  test('what the function compiled before it was deployed is used by it', async ctx => {
    const { functions } = await deploy(ctx, open);
    const { definition } = functions.api;
    const taskRoot = mkdtempSync(join(tmpdir(), 'kittiwake-code-cache-'));
    onTestFinished(() => rmSync(taskRoot, { recursive: true, force: true }));
    cpSync(definition.taskRoot, taskRoot, { recursive: true });
    writeFileSync(join(taskRoot, 'asking.mjs'), ASKING);
    const readPage = () => {
      const asking = environmentForTest({ ...definition, taskRoot, handler: 'asking.handler' });
      return asking.invoke(PAGE_EVENT);
    };
    expect(JSON.parse((await readPage()).payload.toString())).toEqual({ statusCode: 401, used: false });
    const making = environmentForTest({ ...definition, handler: 'code-cache.handler', environment: {} });
    const made = await making.invoke({});
    expect(made.error).toBeUndefined();
    const { files } = JSON.parse(made.payload.toString());
    expect(Object.keys(files).map(name => name.split('.')[0])).toEqual(['index', 'store', 'write']);
    for (const [name, text] of Object.entries<string>(files))
      writeFileSync(join(taskRoot, name), Buffer.from(text, 'base64'));
    expect(JSON.parse((await readPage()).payload.toString())).toEqual({ statusCode: 401, used: true });
  });
}

const PAGE_EVENT = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/api/v1/pages/Home',
  rawQueryString: '',
  headers: { authorization: 'Bearer wrong' },
  requestContext: {
    domainName: 'x.lambda-url.eu-central-1.on.aws',
    stage: '$default',
    http: { method: 'GET', path: '/api/v1/pages/Home', protocol: 'HTTP/1.1', sourceIp: '192.0.2.1' },
  },
  isBase64Encoded: false,
};
