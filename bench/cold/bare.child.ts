/** The same as floor.child.ts as a function: its event says which object. */
import { type Replacement, replaceObject } from './replace-object.ts';

export const handler = awslambda.streamifyResponse<Replacement>(async (event, stream) => {
  const statusCode = await replaceObject(event);
  const out = awslambda.HttpResponseStream.from(stream, { statusCode, headers: {} });
  out.write('{}');
  out.end();
});
