import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as TargetFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

const EVERY = Duration.minutes(5);

/**
 * Runs the function every five minutes: events of S3 may be lost or late, and upkeep has no event. A run that fails is not
 * repeated, the next one does its work.
 */
export function runBySchedule(scope: Construct, target: TargetFunction): void {
  target.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: EVERY });
  new Rule(scope, 'Upkeep', {
    description: 'Heals lost events and does the upkeep of a Kittiwake',
    schedule: Schedule.rate(EVERY),
    targets: [new LambdaFunction(target, { retryAttempts: 0, maxEventAge: EVERY })],
  });
}
