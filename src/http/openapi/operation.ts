import type { ObjectSchema } from '../schema.ts';

/** JSON Schema of an answer: more of the language than request bodies need. */
export type AnswerSchema = Readonly<Record<string, unknown>>;

/** What the document says of a route, besides what its row in the table says. */
export interface Operation {
  summary: string;
  description?: string;
  tag:
    | 'pages'
    | 'attachments'
    | 'links'
    | 'history'
    | 'search'
    | 'drafts'
    | 'access'
    | 'tenants'
    | 'webhooks'
    | 'remotes'
    | 'imports'
    | 'mail'
    | 'service';
  /** Query parameters. */
  query?: readonly Parameter[];
  /** Request headers with a meaning here. */
  headers?: readonly Parameter[];
  /** `bytes`: the body may be of any other type too, and is taken as it is. */
  request?: { required: boolean; schemas: readonly ObjectSchema[]; bytes?: true };
  answers: Readonly<Record<number, Answer>>;
  /** Codes of the refusals that are this operation's own. */
  errors?: readonly string[];
}

interface Answer {
  description: string;
  schema?: AnswerSchema;
  headers?: readonly Parameter[];
  /** The answer may also be bytes, of the type that fits them. */
  bytes?: true;
  /** The answer may also be a document of HTML. */
  html?: true;
}

export interface Parameter {
  name: string;
  description: string;
  schema: AnswerSchema;
  required?: true;
}
