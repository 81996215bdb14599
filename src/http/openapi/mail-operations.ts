import * as schemas from '../schemas/account.ts';
import { record } from './answers.ts';
import type { Operation, Parameter } from './operation.ts';
import { cursor, limit } from './parameters.ts';

const text = { type: 'string' } as const;
const place = { kind: { enum: ['page', 'folder', 'wiki'] }, path: { type: ['string', 'null'] } } as const;
const watch = record({ ...place, since: { type: 'string', format: 'date-time' } });
const watches = record({ watches: { type: 'array', items: watch } }, { next_cursor: text });
const ended = { description: 'It has ended', schema: record({ deleted: { const: true }, ...place }) };
const watched = { description: 'The watch, also when there was one', schema: watch };

const state = ['user_required', 'database_unavailable', 'contention', 'state_too_large'];
const page = { description: 'A page for people, in HTML', bytes: true } as const;

const token: Parameter = {
  name: 'token',
  description: 'Of the link in the mail.',
  schema: text,
  required: true,
};

function watching(what: string): Operation {
  return {
    summary: `Sends mails about changes of ${what}`,
    description:
      'To the user who asks, not with a token; about what it may read then, and what others did. At most 1,000 watches a user.',
    tag: 'mail',
    answers: { 200: watched },
    errors: ['watches_full', ...state],
  };
}

function unwatching(what: string): Operation {
  return {
    summary: `Ends the mails about changes of ${what}`,
    tag: 'mail',
    answers: { 200: ended },
    errors: ['watch_not_found', ...state],
  };
}

export const mailOperations = {
  listWatches: {
    summary: 'Lists what the user who asks gets mails about',
    tag: 'mail',
    query: [limit('Most watches of the answer; default and most 200.'), cursor],
    answers: { 200: { description: 'The watches, by path', schema: watches } },
    errors: ['cursor_invalid', ...state],
  },
  watchWiki: watching('the whole wiki'),
  unwatchWiki: unwatching('the whole wiki'),
  watchPage: watching('a page and its attachments, which need not exist yet'),
  unwatchPage: unwatching('a page'),
  watchFolder: watching('what lies below a page'),
  unwatchFolder: unwatching('what lies below a page'),
  recoverAccount: {
    summary: 'Mails a link that sets a new password',
    description:
      'The answer is the same whether or not there is such a user. One mail to a user in a quarter of an hour; the link holds for one hour, and once.',
    tag: 'mail',
    request: { required: true, schemas: [schemas.recoverAccount] },
    answers: { 202: { description: 'Taken', schema: record({ accepted: { const: true } }) } },
    errors: ['mail_off'],
  },
  showPasswordForm: {
    summary: 'The page that links for a password lead to',
    tag: 'mail',
    query: [token],
    answers: { 200: page },
  },
  setAccountPassword: {
    summary: 'Sets a password with the token of a mail, once',
    description: 'Forms are taken as well, and answered with a page.',
    tag: 'mail',
    request: { required: true, schemas: [schemas.setAccountPassword] },
    answers: { 200: { description: 'It is set', schema: record({ changed: { const: true } }), bytes: true } },
    errors: ['mail_off', 'link_invalid', 'password_invalid', 'passwords_busy'],
  },
  showUnsubscribeForm: {
    summary: 'The page that links to unsubscribe lead to: it asks, and changes nothing',
    tag: 'mail',
    query: [token],
    answers: { 200: page },
    errors: ['link_invalid'],
  },
  unsubscribe: {
    summary: 'Ends the watches that led to a mail (RFC 8058)',
    description: 'The link holds for ever. Bodies are not looked at.',
    tag: 'mail',
    query: [token],
    answers: { 200: page },
    errors: ['link_invalid', 'contention'],
  },
  inviteUser: {
    summary: 'Mails a user a link that sets its password',
    description: 'Holds for seven days, and once. New users without a password are mailed one at once.',
    tag: 'mail',
    answers: { 202: { description: 'Taken', schema: record({ accepted: { const: true }, id: text }) } },
    errors: ['forbidden', 'user_not_found', 'mail_off'],
  },
} as const satisfies Record<string, Operation>;
