import { expect, test } from 'vitest';
import { type Exchange, playSession } from './played-session.ts';

test('the transcript in the documents is what is said', async () => {
  await expect(transcriptOf(await playSession())).toMatchFileSnapshot('../../../docs/mcp-transcript.md');
});

function transcriptOf(exchanges: readonly Exchange[]): string {
  return `# A session with the MCP server

Made by \`test/mcp/transcript/transcript.test.ts\` with the official client of the protocol's TypeScript SDK, over the wire of revision
2026-07-28; \`npx vitest run --project local test/mcp/transcript -u\` plays it anew. Each request is a \`POST\` to \`/mcp\` with a bearer token;
what client and server say of themselves in \`_meta\` is shown once, and of the tools their names. Two changes meet: the third write was made
for a revision that is not the newest any more, so it is refused, told what has changed, and goes on from there.

${exchanges.map(shown).join('\n\n')}
`;
}

function shown({ request, status, response }: Exchange, index: number): string {
  const { method, params } = request;
  const { _meta, ...rest } = params ?? {};
  const asked = { method, params: index === 0 ? params : rest };
  const name = method === 'tools/call' ? `\`${method}\`: ${rest.name}` : `\`${method}\``;
  return [
    `## ${index + 1}. ${name}`,
    block(asked),
    `${status}:`,
    block(abridged(response.result ?? response, index)),
  ].join('\n\n');
}

// biome-ignore lint/suspicious/noExplicitAny: messages of any shape
function abridged({ _meta, ...result }: any, index: number): unknown {
  const tools = result.tools?.map(({ name }: { name: string }) => name);
  return { ...result, ...(tools && { tools }), ...(index === 0 ? { _meta } : {}) };
}

/** Lists of words stand in one line. */
function block(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    /\[\s+("[^"]*"(?:,\s+"[^"]*")*)\s+\]/g,
    (_, words: string) => `[${words.replace(/,\s+/g, ', ')}]`,
  );
  return `\`\`\`json\n${text}\n\`\`\``;
}
