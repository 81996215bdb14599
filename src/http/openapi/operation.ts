import type { ObjectSchema } from '../schema.ts';

/** JSON Schema of an answer: more of the language than request bodies need. */
export type AnswerSchema = Readonly<Record<string, unknown>>;

/** What the document says of a route, besides what its row in the table says. */
export interface Operation {
  summary: string;
  description?: string;
  tag: 'pages' | 'attachments' | 'links' | 'history' | 'search' | 'service';
  /** Query parameters. */
  query?: readonly Parameter[];
  /** Request headers with a meaning here. */
  headers?: readonly Parameter[];
  request?: { required: boolean; schemas: readonly ObjectSchema[] };
  answers: Readonly<
    Record<number, { description: string; schema?: AnswerSchema; headers?: readonly Parameter[] }>
  >;
  /** Codes of the refusals that are this operation's own. */
  errors?: readonly string[];
}

export interface Parameter {
  name: string;
  description: string;
  schema: AnswerSchema;
  required?: true;
}
