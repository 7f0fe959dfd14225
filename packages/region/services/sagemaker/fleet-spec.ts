import { arnOf, type Context } from './context.ts';
import type { ProductionVariant } from './create-endpoint-config.schema.ts';
import { containerOf } from './create-model.ts';
import type { FleetSpec, FleetVariant } from './endpoint-record.schema.ts';
import { couldNotFind } from './errors.ts';
import { imageByDigest, resolveImage } from './resolve-image.ts';

/** SageMaker's limits on how long a container may take to answer `/ping`. */
const INSTANCE_STARTUP_SECONDS = 240;
const SERVERLESS_STARTUP_SECONDS = 180;

/** Everything that serving an endpoint configuration takes, as it is now: what it names may be deleted later. */
export async function fleetSpec(context: Context, configName: string): Promise<FleetSpec> {
  const config = await context.tables.endpointConfigs.get(configName);
  if (!config) throw couldNotFind('endpoint configuration', arnOf(context, 'endpoint-config', configName));
  const variants = [];
  for (const variant of config.request.ProductionVariants)
    variants.push(await fleetVariant(context, variant));
  const { EndpointConfigName: name, DataCaptureConfig: capture } = config.request;
  return { configName: name, variants, ...(capture?.EnableCapture && { capture }) };
}

async function fleetVariant(context: Context, variant: ProductionVariant): Promise<FleetVariant> {
  const model = await context.tables.models.get(variant.ModelName);
  if (!model) throw couldNotFind('model', arnOf(context, 'model', variant.ModelName));
  const { Image, ModelDataUrl, Environment = {} } = containerOf(model.request);
  const image = await resolveImage(context.images, Image);
  const { ServerlessConfig: serverless, InitialInstanceCount: instanceCount } = variant;
  const limit = serverless ? SERVERLESS_STARTUP_SECONDS : INSTANCE_STARTUP_SECONDS;
  return {
    name: variant.VariantName,
    weight: variant.InitialVariantWeight ?? 1,
    ...(instanceCount !== undefined && { instanceCount }),
    ...(serverless && { serverless }),
    startupSeconds: context.startupSeconds ?? variant.ContainerStartupHealthCheckTimeoutInSeconds ?? limit,
    image: Image,
    resolvedImage: imageByDigest(Image, image),
    resolved: context.clock.now(),
    ...(ModelDataUrl !== undefined && { modelDataUrl: ModelDataUrl }),
    environment: Environment,
    roleArn: model.request.ExecutionRoleArn,
    isolated: model.request.EnableNetworkIsolation ?? false,
  };
}
