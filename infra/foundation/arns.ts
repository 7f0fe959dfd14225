import { alarmPrefix } from '@tidemark/domain/names.ts';
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Every SageMaker resource of a kind that workflows of the stage make. SageMaker's ARNs are lower case, as our names are. */
export function sagemakerArns(
  scope: Construct,
  stage: string,
  kind: 'endpoint' | 'endpoint-config' | 'model' | 'training-job' | 'transform-job',
): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:sagemaker:${region}:${account}:${kind}/tidemark-${stage}-*`;
}

/**
 * A role that outlives the stack which hands it on: SageMaker's models keep the ARN of theirs for good, and what is made again under the
 * same name is the same to them. Roles belong to the account and not to a region, so the region is part of the name.
 */
export function lastingRoleName(scope: Construct, stage: string, purpose: string): string {
  return `tidemark-${stage}-${purpose}-${Stack.of(scope).region}`;
}

/** A capability's machine: schedules keep its ARN, so its name stays. Step Functions replaces a machine only when its name or type changes. */
export function machineName(stage: string, capability: string): string {
  return `tidemark-${stage}-${capability}`;
}

export function machineArn(scope: Construct, stage: string, capability: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:states:${region}:${account}:stateMachine:${machineName(stage, capability)}`;
}

/** Every execution of a capability's machine. */
export function executionArns(scope: Construct, stage: string, capability: string): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:states:${region}:${account}:execution:${machineName(stage, capability)}:*`;
}

/** Every rule of the stage: CloudFormation names rules after their stack, and those of our bus have the bus before their name. */
export function ruleArns(scope: Construct, stage: string): string[] {
  const { partition, region, account } = Stack.of(scope);
  const rules = `arn:${partition}:events:${region}:${account}:rule/tidemark-${stage}`;
  return [`${rules}-*`, `${rules}/*`];
}

/** Every alarm that workflows of the stage make for a purpose. */
export function alarmArns(scope: Construct, stage: string, purpose: 'model' | 'update'): string {
  const { partition, region, account } = Stack.of(scope);
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarmPrefix(stage, purpose)}*`;
}
