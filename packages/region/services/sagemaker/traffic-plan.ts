import type { CapacitySize, DeploymentConfig } from './deployment-config.schema.ts';

/** A share of the traffic for the new fleet, and how long alarms watch it afterwards. */
export interface TrafficStep {
  /** Percent. */
  readonly share: number;
  readonly bakeSeconds: number;
}

/** The steps by which an update moves traffic; without a configuration, all at once and unwatched. */
export function planTraffic(
  config: DeploymentConfig | undefined,
  instanceCount: number,
): readonly TrafficStep[] {
  const policy = config?.BlueGreenUpdatePolicy;
  const lastBake = policy?.TerminationWaitInSeconds ?? 0;
  const last = { share: 100, bakeSeconds: lastBake };
  if (!policy) return [last];
  const {
    Type,
    WaitIntervalInSeconds: bakeSeconds,
    CanarySize,
    LinearStepSize,
  } = policy.TrafficRoutingConfiguration;
  if (Type === 'CANARY') return [{ share: percentOf(CanarySize, instanceCount), bakeSeconds }, last];
  if (Type === 'LINEAR') return [...linearSteps(percentOf(LinearStepSize, instanceCount), bakeSeconds), last];
  return [last];
}

/** Seconds that an update spends waiting. */
export function totalBakeSeconds(steps: readonly TrafficStep[]): number {
  return steps.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
}

/** A size in percent of a fleet. */
export function percentOf(size: CapacitySize | undefined, instanceCount: number): number {
  if (!size) return 100;
  return size.Type === 'CAPACITY_PERCENT' ? size.Value : (size.Value / instanceCount) * 100;
}

function linearSteps(size: number, bakeSeconds: number): TrafficStep[] {
  const steps: TrafficStep[] = [];
  for (let share = size; share < 100; share += size) steps.push({ share, bakeSeconds });
  return steps;
}

/**
 * Whether the nth request (from 0) goes to a fleet that takes a share of the traffic: of any number of requests in a
 * row, that share to within one. SageMaker draws lots; even traffic is easier to watch.
 */
export function takesRequest(n: number, sharePercent: number): boolean {
  return Math.floor(((n + 1) * sharePercent) / 100) > Math.floor((n * sharePercent) / 100);
}
