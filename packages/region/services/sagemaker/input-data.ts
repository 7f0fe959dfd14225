import { type ContainerObjects, ObjectAccessError } from '../../containers/container-objects.client.ts';
import { validationError } from './errors.ts';
import { locationOf } from './s3-location.ts';

/** SageMaker refuses a job whose input is not there, or not for its role. */
export async function checkInputData(objects: ContainerObjects, uri: string, roleArn: string): Promise<void> {
  const found = await listOrWhyNot(objects, uri);
  if (Array.isArray(found) && found.length > 0) return;
  const why = Array.isArray(found) ? 'There are no objects under that prefix.' : found;
  throw validationError(
    `No S3 objects found under S3 URL "${uri}" given in input data source. Make sure that the bucket exists, that ` +
      `objects exist under that prefix, and that the role "${roleArn}" may list and read them. ${why}`,
  );
}

async function listOrWhyNot(objects: ContainerObjects, uri: string): Promise<string[] | string> {
  try {
    return await objects.list(locationOf(uri));
  } catch (error) {
    if (error instanceof ObjectAccessError) return error.message;
    throw error;
  }
}
