import { SecretValue, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StackContext } from './read-context.ts';

/** What whoever stands in front of the function proves itself with, as references: the texts stand in no template. */
export interface OriginSecrets {
  current: string;
  /** The one before, accepted as well. */
  previous?: string | undefined;
}

/** CloudFront's, made here; those of a proxy, made elsewhere; or none, where nobody stands in front. */
export function originSecretsOf(scope: Construct, context: StackContext): OriginSecrets | undefined {
  const { proxySecretArn, previousProxySecretArn, domainName, originSecret: number } = context;
  if (proxySecretArn !== undefined) {
    const previous = previousProxySecretArn && secretReference(previousProxySecretArn);
    return { current: secretReference(proxySecretArn), previous };
  }
  if (domainName === undefined) return undefined;
  const secrets = new DoorSecrets(scope, 'OriginSecret');
  const previous = number > 1 ? secrets.make(number - 1) : undefined;
  return { current: secrets.make(number), previous };
}

/** CloudFormation puts in what the secret holds. */
export function secretReference(arn: string): string {
  return SecretValue.secretsManager(arn).unsafeUnwrap();
}

/** Random texts that CloudFront shows to the function, which answers nobody else. */
class DoorSecrets extends Construct {
  make(number: number): string {
    const secret = new Secret(this, number === 1 ? 'Secret' : `Secret${number}`, {
      description: 'What CloudFront shows to the function of a Kittiwake',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'CloudFront and the function get it by a deployment, and only there: rotated by itself it would lock the one out of the other.',
    });
    return secret.secretValue.unsafeUnwrap();
  }
}
