import * as z from 'zod';
import { automaticTriggers } from '../events/retraining-triggers.ts';

/** What leads to a new training, and what holds it back. */
export const retrainingSettingsSchema = z
  .strictObject({
    on: z
      .array(z.enum(['new-data', ...automaticTriggers]))
      .default(['new-data', 'drift', 'quality'])
      .meta({
        description:
          'What leads to a new training: a new dataset, an alarm for drift or for quality, a schedule. Whatever is listed, a model without a live version trains with every new dataset, and a person may always start a training.',
        examples: [['drift', 'quality']],
      }),
    everyDays: z.int().min(1).max(365).default(30).meta({
      description: 'With schedule: days from one training, whatever led to it, to the next.',
    }),
    data: z.enum(['append', 'window']).default('append').meta({
      description:
        'What every training uses: all rows (append), or those of the last `windowDays` by the time column (window).',
    }),
    windowDays: z.int().min(1).max(3650).default(90).meta({
      description: 'With window: how many days before the newest row a row may lie.',
    }),
    minimumNewRows: z.int().min(1).max(1_000_000_000).default(200).meta({
      description:
        'With fewer labelled rows that the live version has not seen, no alarm and no schedule leads to a training.',
    }),
    maximumLabelFileShare: z
      .number()
      .min(0.01)
      .max(1)
      .optional()
      .meta({
        description:
          'The largest share that labels of one file may have in the rows that a retraining trains and judges with, those of the dataset and the new ones together; 1 means no limit. Rows beyond it are held back, chosen by a hash. Without this field it is 0.5 where three or more files give labels, and no limit where fewer do.',
        examples: [0.2],
      }),
    cooldownHours: z.number().min(0).max(720).default(24).meta({
      description: 'Hours after a retraining has begun before an alarm or the schedule may begin the next.',
    }),
    maximumPerDay: z.int().min(1).max(24).default(1).meta({
      description: 'Most retrainings in any 24 hours that alarms and the schedule lead to.',
    }),
    monthlyTrainingMinutes: z.int().min(1).max(43_200).default(600).meta({
      description:
        'Most minutes of training in a calendar month (UTC), as SageMaker bills them, whatever they were for. No alarm and no schedule leads to a training that might exceed them: as much as training.timeLimitMinutes must be left.',
    }),
  })
  .prefault({})
  .meta({ description: 'When the model is trained again by itself, and with what.' });
export type RetrainingSettings = z.infer<typeof retrainingSettingsSchema>;
