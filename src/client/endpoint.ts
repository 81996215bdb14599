import type { Endpoints } from './endpoints.ts';

/** An operation by method and path: `PUT /api/v1/pages/{path}`. */
export type Endpoint = keyof Endpoints;

/** What the operation answers in JSON. */
export type AnswerOf<E extends Endpoint> = Exclude<Endpoints[E]['answer'], Blob>;

/** What the operation takes: `params` of its path, `query`, `body`. */
export type CallOf<E extends Endpoint> = Pick<
  Endpoints[E],
  Extract<keyof Endpoints[E], 'params' | 'query' | 'body'>
>;

/** A field of the operation's JSON body. */
export type BodyOf<E extends Endpoint> = Endpoints[E] extends { body?: infer Body }
  ? Exclude<Body, Blob>
  : never;

/** The arguments behind the endpoint; none are needed where the operation needs nothing. */
export type CallArguments<E extends Endpoint, Options> =
  Record<never, never> extends CallOf<E> ? [call?: CallOf<E> & Options] : [call: CallOf<E> & Options];

/** The items of a list in an answer. */
export type ItemOf<List> = List extends readonly (infer Item)[] ? Item : never;
