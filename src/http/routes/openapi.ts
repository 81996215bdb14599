import { type HttpResponse, json } from '../message.ts';
import { openApiDocument } from '../openapi/document.ts';
import { pageOperations } from '../openapi/page-operations.ts';
import { wikiOperations } from '../openapi/wiki-operations.ts';
import type { Handler, Route } from '../route.ts';

/** The handler that shows the document of a route table. */
export function openapiOf(routes: readonly Route[]): Handler {
  const document = openApiDocument(routes, { ...pageOperations, ...wikiOperations });
  return (): HttpResponse => json(200, document, { 'cache-control': 'public, max-age=300' });
}
