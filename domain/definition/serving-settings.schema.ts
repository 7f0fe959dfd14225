import * as z from 'zod';
import { longestTrafficShiftSeconds, trafficShiftSeconds, trafficShifts } from './traffic.ts';

const serverless = z.strictObject({
  kind: z
    .literal('serverless')
    .meta({ description: 'An endpoint that costs nothing while idle; a first request may wait.' }),
  memoryMegabytes: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(2048).meta({
    description: 'Memory of the endpoint; its processors grow with it.',
  }),
  maxConcurrency: z.int().min(1).max(200).default(5).meta({
    description: 'Requests served at once. All serverless endpoints of an account share its quota.',
  }),
});

const instance = z
  .strictObject({
    kind: z
      .literal('instance')
      .meta({ description: 'An endpoint on instances that always run, with guarded updates.' }),
    instance: z
      .string()
      .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be like ml.m5.large')
      .default('ml.m5.large')
      .meta({
        description: 'Instance type of the endpoint. Your account needs a quota for it.',
        examples: ['ml.m5.large'],
      }),
    count: z.int().min(1).max(20).default(1).meta({ description: 'Number of instances.' }),
    traffic: z.enum(trafficShifts).default('all-at-once').meta({
      description:
        'How traffic moves to a new version: in one step, a share first (canary), or in equal steps (linear). The last two need two instances or more.',
    }),
    stepPercent: z.int().min(10).max(50).default(25).meta({
      description: 'With canary or linear: share of the instances, in percent, that a step moves.',
    }),
    waitSeconds: z.int().min(0).max(3600).default(300).meta({
      description: 'Seconds to watch the alarms after each step; any alarm brings the former version back.',
    }),
    rollbackWhen: z
      .strictObject({
        serverErrorPercent: z.number().min(0).max(100).default(1).meta({
          description: 'Percentage of requests answered with a server error (5xx).',
        }),
        latencyMilliseconds: z.int().min(1).max(60_000).default(1000).meta({
          description:
            '90th percentile of the time that the model takes to answer, in milliseconds. SageMaker waits 60 s at most.',
        }),
      })
      .prefault({})
      .meta({
        description:
          'What raises the alarms: a minute in which the new version does worse than this while traffic moves.',
      }),
  })
  .refine(({ traffic, count }) => traffic === 'all-at-once' || count >= 2, {
    path: ['count'],
    params: { remedy: 'Write `count: 2` or more, or `traffic: all-at-once`.' },
    message: 'must be 2 or more for canary or linear traffic: one instance cannot take a part of the traffic',
  })
  .refine(({ traffic, instance: type }) => traffic === 'all-at-once' || !type.startsWith('ml.inf1.'), {
    path: ['traffic'],
    params: { remedy: 'Write `traffic: all-at-once`, or choose another instance type.' },
    message: 'must be all-at-once on ml.inf1 instances: SageMaker moves their traffic in no other way',
  })
  .refine((settings) => trafficShiftSeconds(settings) <= longestTrafficShiftSeconds, {
    path: ['waitSeconds'],
    params: { remedy: 'Lower `waitSeconds`, or raise `stepPercent` (50 at most) for fewer steps.' },
    message:
      'must be shorter, or stepPercent larger: all steps together may wait 7 hours (the number of steps and one more, ' +
      'times waitSeconds, up to 25,200)',
  });

export const servingSettingsSchema = z
  .discriminatedUnion('kind', [serverless, instance])
  .prefault({ kind: 'serverless' })
  .meta({ description: 'Where an approved version is served.' });
/** How a version is served; recorded with it, so that going back to it serves it as it was served. */
export type ServingSettings = z.infer<typeof servingSettingsSchema>;
