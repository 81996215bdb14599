import type { Logger } from '../core/log.ts';

/** What the MCP server needs besides the services of its caller. */
export interface McpServices {
  /** `KITTIWAKE_MCP`. */
  readonly isOn: boolean;
  /** Origins of pages whose requests are taken; besides those of this machine. */
  readonly origins: readonly string[];
  readonly log: Pick<Logger, 'info' | 'failure'>;
}
