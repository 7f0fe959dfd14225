import type { DeploymentConfig } from './deployment-config.schema.ts';
import type { FleetSpec } from './endpoint-record.schema.ts';
import { validationError } from './errors.ts';
import { percentOf, planTraffic, totalBakeSeconds } from './traffic-plan.ts';

type Routing = NonNullable<DeploymentConfig['BlueGreenUpdatePolicy']>['TrafficRoutingConfiguration'];

/** Limits on sizes, in percent of the fleet. */
const LARGEST_STEP = 50;
const SMALLEST_LINEAR_STEP = 10;

/** Throws what SageMaker objects to in a deployment configuration for a fleet. */
export function checkDeploymentConfig(config: DeploymentConfig, fleet: FleetSpec): void {
  const policy = config.BlueGreenUpdatePolicy;
  if (!policy) throw validationError('A DeploymentConfig needs a BlueGreenUpdatePolicy.');
  const instances = instanceCount(fleet);
  checkRouting(policy.TrafficRoutingConfiguration, instances);
  const waiting = totalBakeSeconds(planTraffic(config, instances));
  const longest = policy.MaximumExecutionTimeoutInSeconds;
  if (longest !== undefined && longest <= waiting) {
    throw validationError(
      `MaximumExecutionTimeoutInSeconds is ${longest}, but must be more than the ${waiting} s of waiting.`,
    );
  }
}

/** The instances of a fleet's smallest variant; a serverless one counts as one. */
export function instanceCount({ variants }: FleetSpec): number {
  return Math.min(...variants.map((variant) => variant.instanceCount ?? 1));
}

/** Throws what SageMaker objects to in replacing one fleet by another. */
export function checkReplacement(current: FleetSpec, next: FleetSpec, guarded: boolean): void {
  const wasServerless = current.variants.some(({ serverless }) => serverless);
  const isServerless = next.variants.some(({ serverless }) => serverless);
  if (!wasServerless && isServerless) {
    throw validationError(
      'An endpoint on instances cannot be updated to a serverless one. Delete and create it anew.',
    );
  }
  const names = ({ variants }: FleetSpec) =>
    variants
      .map(({ name }) => name)
      .sort()
      .join(', ');
  if (guarded && names(current) !== names(next)) {
    throw validationError(
      `With a DeploymentConfig, both endpoint configurations need the same variants: ${names(current)} and ${names(next)}.`,
    );
  }
}

function checkRouting(routing: Routing, instances: number): void {
  const { Type, CanarySize, LinearStepSize } = routing;
  if ((Type === 'CANARY') !== (CanarySize !== undefined)) {
    throw validationError('CanarySize is for traffic routing of type CANARY, which needs it.');
  }
  if ((Type === 'LINEAR') !== (LinearStepSize !== undefined)) {
    throw validationError('LinearStepSize is for traffic routing of type LINEAR, which needs it.');
  }
  if (CanarySize && percentOf(CanarySize, instances) > LARGEST_STEP) {
    throw validationError(`CanarySize must not be more than ${LARGEST_STEP} % of the fleet.`);
  }
  const step = LinearStepSize && percentOf(LinearStepSize, instances);
  if (step !== undefined && (step > LARGEST_STEP || step < SMALLEST_LINEAR_STEP)) {
    throw validationError(
      `LinearStepSize must be ${SMALLEST_LINEAR_STEP} to ${LARGEST_STEP} % of the fleet.`,
    );
  }
}
