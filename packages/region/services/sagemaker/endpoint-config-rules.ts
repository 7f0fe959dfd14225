import { unsupported } from '../../aws-error.ts';
import type { CreateEndpointConfigRequest, ProductionVariant } from './create-endpoint-config.schema.ts';
import type { DataCaptureConfig } from './data-capture.schema.ts';
import { validationError } from './errors.ts';
import type { Model } from './model.schema.ts';
import { locationOf } from './s3-location.ts';

/** Memory of serverless endpoints comes in these steps. */
const SERVERLESS_MEMORY_MB = [1024, 2048, 3072, 4096, 5120, 6144];

/** Rules of `CreateEndpointConfig` that span members and models. Throws what SageMaker, or the local region, objects to. */
export function checkEndpointConfig(
  request: CreateEndpointConfigRequest,
  models: ReadonlyMap<string, Model>,
): void {
  const { ProductionVariants: variants } = request;
  const names = variants.map(({ VariantName }) => VariantName);
  const duplicate = names.find((name, at) => names.indexOf(name) !== at);
  if (duplicate) throw validationError(`There is more than one production variant of the name ${duplicate}.`);
  for (const variant of variants) {
    if (variant.ServerlessConfig) checkServerless(variant, request, models.get(variant.ModelName));
    else checkInstances(variant);
  }
  if (request.DataCaptureConfig) checkCapture(request.DataCaptureConfig);
}

function checkServerless(
  variant: ProductionVariant,
  { ProductionVariants: variants, DataCaptureConfig: capture }: CreateEndpointConfigRequest,
  model: Model | undefined,
): void {
  const name = variant.VariantName;
  const refuse = (what: string) =>
    validationError(`Serverless endpoints do not support ${what} (variant ${name}).`);
  const memory = variant.ServerlessConfig?.MemorySizeInMB ?? 0;
  if (!SERVERLESS_MEMORY_MB.includes(memory)) {
    throw validationError(`MemorySizeInMB must be one of ${SERVERLESS_MEMORY_MB.join(', ')}, not ${memory}.`);
  }
  if (variant.InstanceType !== undefined || variant.InitialInstanceCount !== undefined) {
    throw validationError(
      `Variant ${name} has both ServerlessConfig and instances; only one of them can be.`,
    );
  }
  if (variants.length > 1) throw refuse('multiple production variants');
  if (capture !== undefined) throw refuse('data capture');
  if (variant.VolumeSizeInGB !== undefined) throw refuse('VolumeSizeInGB');
  if (model?.request.VpcConfig) throw refuse('models with a VpcConfig');
  if (model?.request.EnableNetworkIsolation) throw refuse('models with network isolation');
}

function checkCapture({ InitialSamplingPercentage, DestinationS3Uri }: DataCaptureConfig): void {
  locationOf(DestinationS3Uri);
  if (InitialSamplingPercentage !== 100) {
    throw unsupported(`data capture of ${InitialSamplingPercentage} percent`);
  }
}

function checkInstances({ VariantName, InstanceType, InitialInstanceCount }: ProductionVariant): void {
  if (InstanceType !== undefined && InitialInstanceCount !== undefined) return;
  throw validationError(
    `Variant ${VariantName} needs InstanceType and InitialInstanceCount, or a ServerlessConfig instead.`,
  );
}
