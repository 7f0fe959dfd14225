import { AwsError } from '../../aws-error.ts';

/** SageMaker's answer to most of what it does not like. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** Models, endpoints and their configurations that are not there are invalid requests to SageMaker. */
export function couldNotFind(kind: string, arn: string): AwsError {
  return validationError(`Could not find ${kind} "${arn}".`);
}

/** So are those that are there already. */
export function alreadyExists(kind: string, arn: string): AwsError {
  return validationError(`Cannot create already existing ${kind} "${arn}".`);
}

/** The name of a job that ran before, which can never be used again. */
export function jobExists(arn: string): AwsError {
  return new AwsError(
    'ResourceInUse',
    `Job names must be unique within an AWS account and region, and a job with this name already exists (${arn}).`,
  );
}
