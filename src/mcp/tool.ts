import type { ContentBlock } from '@modelcontextprotocol/server';
import type { Right } from '../auth/principal.ts';
import type { FromSchema } from '../http/schema.ts';
import type { ArgumentsSchema } from './arguments.ts';
import type { Session } from './session.ts';

/** A JSON Schema of what a tool answers. */
export type AnswerSchema = Readonly<Record<string, unknown>> & { readonly type: 'object' };

/** What a tool does, for a client that has to decide whether somebody is to be asked first. */
export interface Effects {
  /** Nothing is changed. */
  readonly readOnly: boolean;
  /** What is there may be replaced or removed. Default false. */
  readonly destructive?: boolean;
  /** The same call again changes nothing more. Default: as `readOnly`. */
  readonly idempotent?: boolean;
}

export const READS: Effects = { readOnly: true };

export interface ToolAnswer {
  text: string;
  /** As the tool's `output` describes it. */
  data: object;
  /** What is shown besides the text. */
  more?: readonly ContentBlock[];
}

/** Something that a model can call. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a caller must be allowed somewhere for the tool to be offered. What exactly, the services ask. */
  readonly right: Right;
  readonly effects: Effects;
  readonly input: ArgumentsSchema;
  readonly output: AnswerSchema;
  /** @param args have been checked. @throws KittiwakeError what the services refuse */
  run(args: never, session: Session): Promise<ToolAnswer>;
}

/** A tool whose arguments have the types of its schema. */
export function defineTool<const S extends ArgumentsSchema>(
  tool: Omit<Tool, 'input' | 'run'> & {
    readonly input: S;
    run(args: FromSchema<S>, session: Session): Promise<ToolAnswer>;
  },
): Tool {
  return tool;
}
