import * as z from 'zod';

/** The longest a single wait may be, in seconds. */
const LONGEST_WAIT = 3600;

const capacitySize = z.strictObject({
  Type: z.enum(['INSTANCE_COUNT', 'CAPACITY_PERCENT']),
  Value: z.int().min(1),
});

const trafficRouting = z.strictObject({
  Type: z.enum(['ALL_AT_ONCE', 'CANARY', 'LINEAR']),
  WaitIntervalInSeconds: z.int().min(0).max(LONGEST_WAIT),
  CanarySize: capacitySize.optional(),
  LinearStepSize: capacitySize.optional(),
});

/** `DeploymentConfig`: how an update moves traffic to a new fleet. Blue/green only. */
export const deploymentConfigSchema = z.strictObject({
  BlueGreenUpdatePolicy: z
    .strictObject({
      TrafficRoutingConfiguration: trafficRouting,
      TerminationWaitInSeconds: z.int().min(0).max(LONGEST_WAIT).optional(),
      MaximumExecutionTimeoutInSeconds: z.int().min(600).max(28_800).optional(),
    })
    .optional(),
  AutoRollbackConfiguration: z
    .strictObject({
      Alarms: z
        .array(z.strictObject({ AlarmName: z.string().min(1).max(255) }))
        .min(1)
        .max(10)
        .optional(),
    })
    .optional(),
});

export type DeploymentConfig = z.infer<typeof deploymentConfigSchema>;
export type CapacitySize = z.infer<typeof capacitySize>;
