import { Stack, Validations } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { namedAddress } from '../src/mail/address.ts';
import { secretReference } from './origin-secret.ts';
import type { StackContext } from './read-context.ts';

/** Each secret of mails by its variable, with the value of the context that says where it is. */
const SECRETS = {
  KITTIWAKE_MAIL_SECRET: 'mailLinksSecretArn',
  KITTIWAKE_MAIL_PASSWORD: 'mailPasswordSecretArn',
} as const;

/** Dynamic references: the secrets stand in no template. */
export function mailSecrets(
  context: StackContext,
  variables: readonly (keyof typeof SECRETS)[],
): Record<string, string> {
  const found = variables.map(variable => [variable, context[SECRETS[variable]]] as const);
  return Object.fromEntries(
    found.flatMap(([variable, arn]) => (arn === undefined ? [] : [[variable, secretReference(arn)]])),
  );
}

/** Lets a function send mails by SES, from the configured sender only. */
export function allowMails(target: LambdaFunction, { mail, mailSender }: StackContext): void {
  if (mail !== 'ses' || target.role === undefined) return;
  const sending = new PolicyStatement({
    sid: 'SendMails',
    actions: ['ses:SendEmail'],
    resources: [Stack.of(target).formatArn({ service: 'ses', resource: 'identity', resourceName: '*' })],
    conditions: { StringEqualsIgnoreCase: { 'ses:FromAddress': namedAddress(mailSender).address } },
  });
  const policy = new Policy(target, 'Mails', { statements: [sending], roles: [target.role] });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
    reason:
      'The identity may be the address of the sender or one of its domains, and of an account in the sandbox also that of the recipient. The condition allows no other sender.',
  });
}
