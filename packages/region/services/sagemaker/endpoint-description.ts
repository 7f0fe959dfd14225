import { seconds } from '../../epoch-seconds.ts';
import type { EndpointRecord, FleetSpec, FleetVariant, VariantStatus } from './endpoint-record.schema.ts';

/** A fleet as events list it: without images. */
export function variantSummaries({ variants }: FleetSpec) {
  return variants.map((variant) => ({
    VariantName: variant.name,
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    ...capacity(variant),
  }));
}

/** `DescribeEndpoint`'s answer. */
export function endpointDescription(endpoint: EndpointRecord) {
  const { pending } = endpoint;
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.fleet.configName,
    // SageMaker lists variants once there are some.
    ...(endpoint.status !== 'Creating' && { ProductionVariants: describeVariants(endpoint.fleet) }),
    EndpointStatus: endpoint.status,
    ...(endpoint.failureReason && { FailureReason: endpoint.failureReason }),
    CreationTime: seconds(endpoint.created),
    LastModifiedTime: seconds(endpoint.modified),
    ...(endpoint.lastDeployment && { LastDeploymentConfig: endpoint.lastDeployment }),
    ...(pending && {
      PendingDeploymentSummary: {
        EndpointConfigName: pending.fleet.configName,
        StartTime: seconds(pending.started),
        ProductionVariants: describeVariants(pending.fleet, pending.variantStatus),
      },
    }),
  };
}

function describeVariants(fleet: FleetSpec, status?: VariantStatus) {
  return fleet.variants.map((variant) => ({
    VariantName: variant.name,
    DeployedImages: [
      {
        SpecifiedImage: variant.image,
        ResolvedImage: variant.resolvedImage,
        ResolutionTime: seconds(variant.resolved),
      },
    ],
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    ...capacity(variant),
    ...(status && {
      VariantStatus: [
        { Status: status.status, StatusMessage: status.message, StartTime: seconds(status.started) },
      ],
    }),
  }));
}

function capacity({ serverless, instanceCount }: FleetVariant) {
  if (serverless) {
    return { CurrentInstanceCount: 0, DesiredInstanceCount: 0, CurrentServerlessConfig: serverless };
  }
  return { CurrentInstanceCount: instanceCount, DesiredInstanceCount: instanceCount };
}
