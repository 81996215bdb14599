import type { ObjectSchema } from '../schema.ts';

/** Bodies of requests about users. What is null counts as absent. */

const name = (type: 'string' | readonly ['string', 'null']) =>
  ({
    type,
    description: "Up to 50 letters, digits, spaces and ' - . , and not the name of nobody. Commits have it.",
  }) as const;

const flag = (description: string) => ({ type: ['boolean', 'null'], description }) as const;

const allow = {
  type: 'array',
  maxItems: 3,
  items: { type: 'string', enum: ['read', 'write', 'upload'] },
  description: 'Rights beyond what the areas of the wiki are open for; without effect until approved.',
} as const;

const approved = flag('Counts as APPROVED; otherwise as REGISTERED.');
const admin = flag('Administers the wiki; is approved, too.');

/** What the password is to be: at most one of them. */
const passwords = {
  password: { type: ['string', 'null'], description: '8 to 1,024 characters.' },
  password_hash: {
    type: ['string', 'null'],
    description: 'In its place: what Kittiwake or Otterwiki made of one.',
  },
  generate_password: flag('One is made; the answer has it, this once.'),
} as const;

export const createUser = {
  type: 'object',
  required: ['name', 'email'],
  properties: {
    name: name('string'),
    email: { type: 'string', description: 'Nobody else has it, whatever the case.' },
    approved,
    admin,
    allow,
    ...passwords,
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const updateUser = {
  type: 'object',
  properties: {
    name: name(['string', 'null']),
    email: {
      type: ['string', 'null'],
      description: 'Rules that name the address before do not mean this user any more.',
    },
    email_confirmed: flag('Rules that name the address mean this user.'),
    approved,
    admin,
    allow,
    locked: flag('Neither the password nor the tokens of the user are accepted.'),
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const setPassword = {
  type: 'object',
  properties: { ...passwords, remove_password: flag('The user cannot log in by password any more.') },
  additionalProperties: false,
} as const satisfies ObjectSchema;

export const updateMe = {
  type: 'object',
  properties: {
    name: name(['string', 'null']),
    password: { type: ['string', 'null'], description: 'The new one: 8 to 1,024 characters.' },
    current_password: { type: ['string', 'null'], description: 'Required with a new one.' },
  },
  additionalProperties: false,
} as const satisfies ObjectSchema;
