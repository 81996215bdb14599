import type { Client } from '@modelcontextprotocol/client';

/** What a call came to. */
export interface Called {
  isError: boolean;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  data: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  content: any[];
}

export type Call = (name: string, args?: Record<string, unknown>) => Promise<Called>;

/** Calls tools of a client that holds each structured answer against the schema of its tool. */
export async function callerOf(client: Client): Promise<Call> {
  await client.listTools();
  return async (name, args = {}) => {
    const { isError = false, content, structuredContent } = await client.callTool({ name, arguments: args });
    const [first] = content;
    return {
      isError: isError === true,
      text: first?.type === 'text' ? first.text : '',
      data: structuredContent,
      content,
    };
  };
}
