import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * A random text that CloudFront shows to the function, which answers nobody else. It stands in no template: CloudFormation
 * puts it into both by a dynamic reference.
 */
export class OriginSecret extends Construct {
  readonly reference: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: 'What CloudFront shows to the function of a Kittiwake',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
    });
    this.reference = secret.secretValue.unsafeUnwrap();
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'CloudFront and the function get it by a deployment, and only there: rotated by itself it would lock the one out of the other.',
    });
  }
}
