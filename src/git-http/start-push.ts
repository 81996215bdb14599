import { forbidden } from '../auth/errors.ts';
import { conform, receive } from '../http/body.ts';
import { bodyInvalid } from '../http/errors.ts';
import type { HttpResponse } from '../http/message.ts';
import { json } from '../http/message.ts';
import type { Context } from '../http/route.ts';
import { bodyOf } from '../http/routes/imports.ts';
import type { ObjectSchema } from '../http/schema.ts';
import { writeOptions } from '../http/write.ts';
import { demandWholeHistory } from './read-rights.ts';
import { servicesOf } from './served.ts';

const BODY = {
  type: 'object',
  properties: {
    size: { type: 'integer', description: 'Bytes of the body that git would send, commands and pack.' },
    name: { type: ['string', 'null'], description: 'What it is called where imports are listed.' },
  },
  required: ['size'],
} as const satisfies ObjectSchema;

/**
 * Announces a push that is sent ahead, as an import is, and lands then as any other push: the answer is that of an import.
 * @throws KittiwakeError `forbidden` for whom git would be refused from the start; those of starting an import
 */
export async function startPush(context: Context): Promise<HttpResponse> {
  const git = await servicesOf(context);
  const view = await git.repository.view({ maxAgeMs: 0 });
  if (!git.mayWrite(view.policy)) throw forbidden('write');
  await demandWholeHistory(git, view, context.principal);
  const raw = await receive(context);
  const { size, name } = conform(raw, BODY, { absent: "Request body must include 'size' field" });
  if (size < 1) throw bodyInvalid(`'size' is ${size}, wanted the number of bytes that will be sent`);
  const imports = await (await context.services.projections()).imports();
  const { idempotency } = await writeOptions(context, {}, raw.bytes);
  const options = { format: 'push', existing: 'fail', onError: 'fail', dryRun: false } as const;
  const { job, isNew } = await imports.start({ name: name || 'push', bytes: size, options }, idempotency);
  return json(201, bodyOf(imports, job, await imports.targets(job)), {
    'cache-control': 'no-store',
    ...(isNew ? {} : { 'idempotency-replayed': 'true' }),
  });
}
