import { KittiwakeError } from '../core/errors.ts';

/** The arguments of a tool are not what its schema says. */
export function argumentsInvalid(what: string): KittiwakeError {
  return new KittiwakeError('body_invalid', what.replace(/^Request body/, 'The arguments of the call'));
}

/** An address of a resource that means nothing. */
export function resourceInvalid(uri: string): KittiwakeError {
  return new KittiwakeError(
    'path_invalid',
    `Reading ${JSON.stringify(uri.slice(0, 200))}: wanted wiki://pages/PATH or wiki://attachments/PATH/FILE`,
  );
}

/** There is nobody who gives out tokens, or it is not configured where the wiki is. */
export function issuerUnset(): KittiwakeError {
  return new KittiwakeError(
    'issuer_unset',
    'No issuer of tokens is configured: KITTIWAKE_JWT_ISSUER and KITTIWAKE_URL say what is told here',
  );
}
