import { conform, receive } from '../body.ts';
import { type HttpResponse, json } from '../message.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/render.ts';

/** Shows what a text would look like; writes nothing. */
export async function renderText(context: Context): Promise<HttpResponse> {
  const { content, path } = conform(await receive(context), schemas.renderText, {
    absent: "Request body must include a 'content' field",
  });
  const rendering = await (await context.services.projections()).rendering();
  const { html, title, headings, needs } = await rendering.preview(content, path || undefined);
  return json(200, { html, title, headings, needs }, { 'cache-control': 'no-store' });
}
