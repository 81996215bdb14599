import { KittiwakeError } from '../core/errors.ts';

/** Texts are the wire contract's. */

export function apiKeyUnset(): KittiwakeError {
  return new KittiwakeError('api_key_unset', 'API key not configured on server');
}

export function authMissing(): KittiwakeError {
  return new KittiwakeError('auth_missing', 'Missing or invalid Authorization header');
}

export function authInvalid(): KittiwakeError {
  return new KittiwakeError('auth_invalid', 'Invalid API key');
}

/** @param needed the right, or `operator` */
export function forbidden(needed: string): KittiwakeError {
  return new KittiwakeError('forbidden', `Not allowed: this needs the right "${needed}"`, {
    data: { needed },
  });
}
