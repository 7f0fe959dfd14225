import { ObjectAccessError } from '../../containers/container-objects.client.ts';
import { AccessDeniedError } from '../../iam/denial.ts';
import { pullRequests } from '../ecr/permissions.ts';
import type { Context } from './context.ts';
import { validationError } from './errors.ts';

const principal = 'sagemaker.amazonaws.com';

/** What SageMaker checks of a role that it is given. @throws AwsError `ValidationException` unless it can act as the role */
export function assertExecutionRole(
  { roles, region, accountId }: Context,
  roleArn: string,
  forWhat: 'hosting' | `training-job/${string}`,
): void {
  // For endpoints the asterisk is what SageMaker sends, and not a pattern (SageMaker guide, Cross-service confused deputy prevention).
  const source = forWhat === 'hosting' ? '*' : forWhat;
  try {
    roles.assume(roleArn, principal, `arn:aws:sagemaker:${region}:${accountId}:${source}`);
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    throw validationError(
      `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal '${principal}' to assume the role.`,
    );
  }
}

/** A container's image is pulled as the role. @throws ObjectAccessError when the role may not */
export function assertPull({ roles }: Context, roleArn: string, image: string): void {
  try {
    roles.demand(roleArn, pullRequests(image));
  } catch (error) {
    if (!(error instanceof AccessDeniedError)) throw error;
    throw new ObjectAccessError(`The role cannot pull the image ${image}: ${error.message}`);
  }
}

/**
 * A container's log and its instance's metrics are written as the role. One that may not loses them and runs all the same; here
 * the refusal is told.
 */
export function mayObserve(
  { roles, region, accountId }: Context,
  roleArn: string,
  group: 'TrainingJobs' | 'TransformJobs' | 'Endpoints',
  name: string,
): void {
  // An endpoint has a group of its own, a job a stream.
  const [logGroup, stream] = group === 'Endpoints' ? [`${group}/${name}`, 'local'] : [group, name];
  const resource = `arn:aws:logs:${region}:${accountId}:log-group:/aws/sagemaker/${logGroup}`;
  roles.isAllowed(roleArn, [
    { action: 'logs:CreateLogGroup', resource },
    { action: 'logs:DescribeLogStreams', resource: `${resource}:log-stream:${stream}` },
    { action: 'logs:CreateLogStream', resource: `${resource}:log-stream:${stream}` },
    { action: 'logs:PutLogEvents', resource: `${resource}:log-stream:${stream}` },
  ]);
  const namespace = `/aws/sagemaker/${group}`;
  roles.isAllowed(roleArn, [
    {
      action: 'cloudwatch:PutMetricData',
      resource: '*',
      context: { 'cloudwatch:namespace': namespace },
    },
  ]);
}
