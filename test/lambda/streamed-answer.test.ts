import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentForTest, functionOf } from '../support/lambda/for-test.ts';

const PRELUDE = "{ statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=1'] }";

/** A streaming handler with this body. */
function streaming(body: string): string {
  return `export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
    ${body}
  });`;
}

/** The same; the body may wait for a file to appear. */
function awaitingFile(body: string): string {
  return `import { existsSync } from 'node:fs';
  const awaitFile = async path => {
    while (!existsSync(path)) await new Promise(resolve => setTimeout(resolve, 5));
  };
  ${streaming(body)}`;
}

describe('a streamed answer', () => {
  test('has metadata in front of its body', async () => {
    const environment = environmentForTest(
      functionOf(
        streaming(`const http = awslambda.HttpResponseStream.from(stream, ${PRELUDE});
        http.write('one ');
        http.write(Buffer.from([0, 255]));
        http.end();`),
      ),
    );
    for (const round of [1, 2]) {
      const { payload, streamed, error } = await environment.invoke({ round });
      expect(payload).toEqual(Buffer.concat([Buffer.from('one '), Buffer.from([0, 255])]));
      expect(streamed).toEqual({
        contentType: 'application/vnd.awslambda.http-integration-response',
        prelude: { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=1'] },
      });
      expect(error).toBeUndefined();
    }
  });

  test('begins before it ends', async () => {
    const definition = functionOf(
      awaitingFile(`stream.setContentType('text/plain');
      stream.write('a');
      await awaitFile(event);
      stream.end('b');`),
    );
    const path = join(definition.taskRoot, 'go');
    const { body, completed, ...kind } = await environmentForTest(definition).open(path);
    expect(kind).toMatchObject({ contentType: 'text/plain', isStreamed: true });
    const chunks: string[] = [];
    for await (const chunk of body) {
      chunks.push(String(chunk));
      writeFileSync(path, '');
    }
    expect(chunks).toEqual(['a', 'b']);
    expect((await completed).error).toBeUndefined();
  });

  test('without a write has no metadata: a trap of the runtime client', async () => {
    const environment = environmentForTest(
      functionOf(
        streaming(`const http = awslambda.HttpResponseStream.from(stream, ${PRELUDE});
        http.end(event);`),
      ),
    );
    const { streamed, payload } = await environment.invoke('body');
    expect([streamed?.prelude, payload.length]).toEqual([undefined, 0]);
  });

  test('that fails midway keeps what was sent, and tells the error', async () => {
    const definition = functionOf(
      awaitingFile(`stream.write('half');
      await awaitFile(event.path);
      if (event.how === 'throw') throw new RangeError('broken off');
      if (event.how === 'exit') process.exit(1);
      await new Promise(resolve => setTimeout(resolve, 60_000));`),
    );
    const environment = environmentForTest(definition);
    const fail = async (how: string) => {
      const path = join(definition.taskRoot, how);
      const { body, completed } = await environment.open({ how, path });
      const chunks: string[] = [];
      for await (const chunk of body) {
        chunks.push(String(chunk));
        writeFileSync(path, '');
      }
      const { error } = await completed;
      return [chunks, error?.errorType, error?.errorMessage];
    };
    expect(await fail('throw')).toEqual([['half'], 'RangeError', 'broken off']);
    expect(await fail('exit')).toEqual([['half'], 'Runtime.ExitError', expect.stringContaining('status 1')]);
    expect(await fail('wait')).toEqual([['half'], 'Sandbox.Timedout', expect.stringContaining('3.00')]);
  });

  test('that fails before its first byte is a failure', async () => {
    const environment = environmentForTest(functionOf(streaming(`throw new RangeError('too early');`)));
    const { streamed, error, payload } = await environment.invoke({});
    expect(streamed).toBeUndefined();
    expect(error).toMatchObject({ errorType: 'RangeError', errorMessage: 'too early' });
    expect(JSON.parse(payload.toString())).toEqual(error);
  });

  test('that is not ended fails', async () => {
    const environment = environmentForTest(
      functionOf(streaming(`stream.write('half');`), { timeoutMs: 500 }),
    );
    expect((await environment.invoke({})).error?.errorType).toBe('Sandbox.Timedout');
  });

  test('may be larger than a buffered one, and is cut off at 200 MB', async () => {
    const environment = environmentForTest(
      functionOf(
        `import { once } from 'node:events';
        ${streaming(`for (let left = event; left > 0; left -= 1_048_576) {
          if (!stream.write(Buffer.alloc(Math.min(left, 1_048_576)))) await once(stream, 'drain');
        }
        stream.end();`)}`,
        { timeoutMs: 30_000, memoryMb: 1024 },
      ),
    );
    const whole = await environment.invoke(8_000_000);
    expect([whole.payload.length, whole.error]).toEqual([8_000_000, undefined]);
    const { body, completed } = await environment.open(209_715_201);
    let bytes = 0;
    for await (const chunk of body) bytes += chunk.length;
    expect(bytes).toBe(209_715_200);
    expect((await completed).error?.errorType).toBe('Function.ResponseSizeTooLarge');
  });
});
