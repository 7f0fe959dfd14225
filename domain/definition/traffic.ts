/**
 * How traffic moves to a new fleet: the whole at once, a part and then the rest, or in equal steps. SageMaker does this for
 * instances only; a serverless endpoint always switches at once.
 */
export const trafficShifts = ['all-at-once', 'canary', 'linear'] as const;

interface TrafficSettings {
  readonly traffic: (typeof trafficShifts)[number];
  /** Size of the canary, or of each linear step, in percent of the new fleet. */
  readonly stepPercent: number;
  readonly waitSeconds: number;
}

/** SageMaker ends an update after 8 hours (28,800 s); one is kept for starting the new fleet. */
export const longestTrafficShiftSeconds = 25_200;

/**
 * The longest that alarms watch an update in all, in seconds: after each step, and once more before the old fleet is removed.
 * An upper bound, as AWS does not say whether the step that moves the last of the traffic has a wait of its own.
 */
export function trafficShiftSeconds({ traffic, stepPercent, waitSeconds }: TrafficSettings): number {
  const steps = { 'all-at-once': 1, canary: 2, linear: Math.ceil(100 / stepPercent) }[traffic];
  return (steps + 1) * waitSeconds;
}
