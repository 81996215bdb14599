import type { ObjectSchema } from '../schema.ts';

export const recoverAccount = {
  type: 'object',
  required: ['email'],
  properties: { email: { type: 'string', description: 'Of the user whose password is forgotten.' } },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const setAccountPassword = {
  type: 'object',
  required: ['token', 'password'],
  properties: {
    token: { type: 'string', description: 'Of the link in the mail.' },
    password: { type: 'string', description: '8 to 1,024 characters.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
