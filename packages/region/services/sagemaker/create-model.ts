import { unsupported } from '../../aws-error.ts';
import { ObjectAccessError } from '../../containers/container-objects.client.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context, objectsOf } from './context.ts';
import { type ContainerDefinition, createModelSchema } from './create-model.schema.ts';
import { alreadyExists, validationError } from './errors.ts';
import { assertExecutionRole } from './execution-role.ts';
import type { Model } from './model.schema.ts';
import { resolveImage } from './resolve-image.ts';
import { locationOf } from './s3-location.ts';
import { emitStateChange } from './state-change-event.ts';

/** `CreateModel` */
export function createModel(context: Context) {
  return async (input: unknown) => {
    const { Tags: tags = [], ...request } = parseInput('sagemaker:CreateModel', createModelSchema, input);
    const container = containerOf(request);
    const arn = arnOf(context, 'model', request.ModelName);
    await resolveImage(context.images, container.Image);
    assertExecutionRole(context, request.ExecutionRoleArn, 'hosting');
    await checkModelData(context, container, request.ExecutionRoleArn);
    const added = await context.tables.models.add(request.ModelName, {
      arn,
      request,
      tags,
      created: context.clock.now(),
    });
    if (!added) throw alreadyExists('model', arn);
    await emitStateChange(context, 'Model', arn, { ModelName: request.ModelName, ModelArn: arn });
    return { ModelArn: arn };
  };
}

/** The one container of a model. */
export function containerOf({ PrimaryContainer, Containers }: Model['request']): ContainerDefinition {
  const containers = [...(PrimaryContainer ? [PrimaryContainer] : []), ...(Containers ?? [])];
  const [container, second] = containers;
  if (!container) throw validationError('A model needs a PrimaryContainer or Containers.');
  if (second) throw unsupported('models of more than one container');
  return container;
}

/** SageMaker looks for the artifact, with the model's role, before it takes a model. */
async function checkModelData(context: Context, { ModelDataUrl: url }: ContainerDefinition, roleArn: string) {
  if (url === undefined) return;
  if (!url.endsWith('.tar.gz'))
    throw validationError(`ModelDataUrl must be a .tar.gz archive, not "${url}".`);
  const objects = objectsOf(context, roleArn);
  try {
    if (await objects.exists(locationOf(url))) return;
  } catch (error) {
    if (!(error instanceof ObjectAccessError)) throw error;
    throw validationError(`Could not access model data at ${url}. ${error.message}`);
  } finally {
    objects.close();
  }
  throw validationError(`Could not find model data at ${url}.`);
}
