import { parseInput } from '../../gateway/parse-input.ts';
import { arnOf, type Context } from './context.ts';
import { createEndpointConfigSchema, type ProductionVariant } from './create-endpoint-config.schema.ts';
import { checkEndpointConfig } from './endpoint-config-rules.ts';
import { alreadyExists, couldNotFind } from './errors.ts';
import type { Model } from './model.schema.ts';
import { emitStateChange } from './state-change-event.ts';

/** `CreateEndpointConfig` */
export function createEndpointConfig(context: Context) {
  return async (input: unknown) => {
    const request = parseInput('sagemaker:CreateEndpointConfig', createEndpointConfigSchema, input);
    checkEndpointConfig(request, await modelsOf(context, request.ProductionVariants));
    const { Tags: tags = [], ...kept } = request;
    const name = request.EndpointConfigName;
    const arn = arnOf(context, 'endpoint-config', name);
    const record = { arn, request: kept, tags, created: context.clock.now() };
    if (!(await context.tables.endpointConfigs.add(name, record))) {
      throw alreadyExists('endpoint configuration', arn);
    }
    await emitStateChange(context, 'Endpoint Config', arn, {
      EndpointConfigName: name,
      EndpointConfigArn: arn,
    });
    return { EndpointConfigArn: arn };
  };
}

async function modelsOf(
  context: Context,
  variants: readonly ProductionVariant[],
): Promise<Map<string, Model>> {
  const models = new Map<string, Model>();
  for (const { ModelName } of variants) {
    const model = await context.tables.models.get(ModelName);
    if (!model) throw couldNotFind('model', arnOf(context, 'model', ModelName));
    models.set(ModelName, model);
  }
  return models;
}
