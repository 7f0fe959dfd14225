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

/** How long alarms watch an update in all: after each step, and once more before the old fleet is removed. */
export function trafficShiftSeconds({ traffic, stepPercent, waitSeconds }: TrafficSettings): number {
  const steps = { 'all-at-once': 0, canary: 1, linear: Math.ceil(100 / stepPercent) }[traffic];
  return (steps + 1) * waitSeconds;
}
