import { expect, test } from 'vitest';
import { readProjectionSettings } from '../../src/core/projection-config.ts';
import { unknownVariables } from '../../src/core/unknown-variables.ts';
import { resolver } from '../support/cloudformation.ts';
import { synthesise } from './synth.ts';

const secretOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const reference = (name: string) => `{{resolve:secretsmanager:${secretOf(name)}:SecretString:::}}`;

const SMTP = {
  mail: 'smtp',
  mailSender: 'Wiki <wiki@example.org>',
  mailServer: 'mail.example.org',
  mailPort: '465',
  mailUsername: 'wiki',
  mailUseSsl: 'true',
  adminEmail: 'admin@example.org',
  apiUrl: 'https://api.example.org',
  webhookAllow: '10.1.0.0/16',
  mailLinksSecretArn: secretOf('links'),
  mailPasswordSecretArn: secretOf('password'),
};

function environmentOf(name: string, given: Record<string, string>): Record<string, string> {
  const made = synthesise(given);
  const { Environment } = made.one('AWS::Lambda::Function', `Functions${name}`);
  const { Variables } = resolver(made.template)(Environment) as { Variables: Record<string, string> };
  return Variables;
}

/** The statements of any role that send mails. */
function sendingBy(given: Record<string, string>): unknown[] {
  const made = synthesise(given);
  const resolve = resolver(made.template);
  return made.all('AWS::IAM::Policy').flatMap(([id, { Properties }]) => {
    const { PolicyDocument, Roles } = resolve(Properties) as {
      PolicyDocument: { Statement: { Action: string | string[] }[] };
      Roles: string[];
    };
    const found = PolicyDocument.Statement.filter(({ Action }) => JSON.stringify(Action).includes('ses:'));
    return found.map(statement => ({ id, Roles, ...statement }));
  });
}

test('what sends mails knows how, and the function understands it', () => {
  const env = environmentOf('Project', SMTP);
  expect(unknownVariables(env)).toEqual([]);
  const { config, secrets } = readProjectionSettings({ env });
  expect(config).toMatchObject({
    mail: 'smtp',
    mailServer: 'mail.example.org',
    mailPort: 465,
    mailUseSsl: true,
    adminEmail: 'admin@example.org',
    apiUrl: 'https://api.example.org',
    webhookAllow: ['10.1.0.0/16'],
  });
  expect(secrets).toEqual({ mailPassword: reference('password'), mailSecret: reference('links') });
});

test('the API signs links and has no password, the import only knows that there are mails', () => {
  const api = environmentOf('Api', SMTP);
  expect(api).toMatchObject({ KITTIWAKE_MAIL: 'smtp', KITTIWAKE_MAIL_SECRET: reference('links') });
  expect(api).not.toHaveProperty('KITTIWAKE_MAIL_PASSWORD');
  const importing = Object.keys(environmentOf('Import', SMTP)).filter(name => /MAIL|URL/.test(name));
  expect(importing).toEqual(['KITTIWAKE_MAIL']);
});

test('only the projection function may send by SES, and only as the sender', () => {
  const found = sendingBy({ mail: 'ses', mailSender: SMTP.mailSender });
  expect(found).toMatchObject([
    {
      id: expect.stringMatching(/^FunctionsProject/),
      Action: 'ses:SendEmail',
      Condition: { StringEqualsIgnoreCase: { 'ses:FromAddress': 'wiki@example.org' } },
    },
  ]);
  expect(sendingBy(SMTP)).toEqual([]);
});

test('a name of its own is where links lead, unless another address is given', () => {
  const certificateArn =
    'arn:aws:acm:us-east-1:111122223333:certificate/0b0ed8a6-7b2c-4f0a-9c3a-0d5a1f4c2b11';
  const named = { domainName: 'api.example.com', certificateArn };
  for (const name of ['Api', 'Project']) {
    expect(environmentOf(name, named)).toMatchObject({ KITTIWAKE_URL: 'https://api.example.com' });
    const both = { ...named, apiUrl: 'https://api.example.org' };
    expect(environmentOf(name, both)).toMatchObject({ KITTIWAKE_URL: 'https://api.example.org' });
  }
});
