import { linkInvalid } from '../../auth/link/errors.ts';
import { isKittiwakeError } from '../../core/errors.ts';
import { conform, type RawBody, receive } from '../body.ts';
import { type FormPage, formPage } from '../form-page.ts';
import type { MailServices } from '../mail-services.ts';
import { type HttpResponse, json } from '../message.ts';
import type { Context } from '../route.ts';
import * as schemas from '../schemas/account.ts';

export async function recoverAccount(context: Context): Promise<HttpResponse> {
  const absent = "Request body must include 'email' field";
  const { email } = conform(await received(context), schemas.recoverAccount, { absent });
  await (await mailsOf(context)).recover(email);
  return json(202, { accepted: true }, { 'cache-control': 'no-store' });
}

export function showPasswordForm({ query }: Context): HttpResponse {
  return formPage(200, passwordForm(query.get('token') ?? ''));
}

export async function setAccountPassword(context: Context): Promise<HttpResponse> {
  const absent = "Request body must include 'token' and 'password' fields";
  const { token, password } = conform(await received(context), schemas.setAccountPassword, { absent });
  const mails = await mailsOf(context);
  if (!isForm(context)) {
    await mails.setPassword(token, password);
    return json(200, { changed: true }, { 'cache-control': 'no-store' });
  }
  return await answeredByPage(passwordForm(token), async () => {
    await mails.setPassword(token, password);
    return { title: 'A new password', text: 'The password is set. You can log in with it now.' };
  });
}

export async function showUnsubscribeForm(context: Context): Promise<HttpResponse> {
  const token = context.query.get('token') ?? '';
  if (!(await (await mailsOf(context)).canUnsubscribe(token))) throw linkInvalid('Unsubscribing');
  return formPage(200, UNSUBSCRIBE_FORM);
}

/** By the button, or by the one click of RFC 8058: what the body says does not matter. */
export async function unsubscribe(context: Context): Promise<HttpResponse> {
  const token = context.query.get('token') ?? '';
  await (await mailsOf(context)).unsubscribe(token);
  return formPage(200, { title: 'Unsubscribed', text: 'You will get no more mails about these changes.' });
}

export async function inviteUser(context: Context): Promise<HttpResponse> {
  const user = await (await context.services.users()).read(context.params.id ?? '');
  await (await mailsOf(context)).invite(user);
  return json(202, { accepted: true, id: user.id }, { 'cache-control': 'no-store' });
}

const UNSUBSCRIBE_FORM: FormPage = {
  title: 'Unsubscribe',
  text: 'You will get no more mails about what you watch there.',
  form: { button: 'Unsubscribe', fields: [] },
};

function passwordForm(token: string): FormPage {
  return {
    title: 'A new password',
    text: 'At least 8 characters.',
    form: {
      button: 'Set the password',
      fields: [
        { name: 'token', type: 'hidden', value: token },
        { name: 'password', type: 'password', label: 'New password' },
      ],
    },
  };
}

/** People are told on the page they came from what is wrong. */
async function answeredByPage(form: FormPage, work: () => Promise<FormPage>): Promise<HttpResponse> {
  try {
    return formPage(200, await work());
  } catch (error) {
    if (!isKittiwakeError(error, 'link_invalid') && !isKittiwakeError(error, 'password_invalid')) throw error;
    return formPage(422, { ...form, problem: error.message });
  }
}

function isForm({ request }: Context): boolean {
  return request.headers['content-type']?.split(';', 1)[0]?.trim() === 'application/x-www-form-urlencoded';
}

async function received(context: Context): Promise<RawBody> {
  if (!isForm(context)) return await receive(context);
  const bytes = await context.body();
  return { bytes, value: Object.fromEntries(new URLSearchParams(bytes.toString('utf8'))) };
}

async function mailsOf({ services }: Context): Promise<MailServices> {
  return await (await services.projections()).mails();
}
