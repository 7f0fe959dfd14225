import { z } from 'zod';

/** What leads to a new training, and what holds it back. */
export const retrainingSchema = z
  .strictObject({
    on: z
      .array(z.enum(['new-data', 'drift', 'quality', 'schedule']))
      .default(['new-data', 'drift', 'quality'])
      .meta({
        description:
          'What leads to a new training: a new dataset, an alarm for drift or for quality, a schedule. Starting one by hand always may.',
        examples: [['drift', 'quality']],
      }),
    everyDays: z.int().min(1).max(365).default(30).meta({
      description: 'With schedule: days from one training to the next.',
    }),
    data: z.enum(['append', 'window']).default('append').meta({
      description:
        'What is trained with: all rows (append), or those of the last `windowDays` by the time column (window).',
    }),
    windowDays: z.int().min(1).max(3650).default(90).meta({
      description: 'With window: how many days before the newest row a row may lie.',
    }),
    minimumNewRows: z.int().min(1).max(1_000_000_000).default(200).meta({
      description: 'With fewer labelled rows that the live version has not seen there is no retraining.',
    }),
    cooldownHours: z.number().min(0).max(720).default(24).meta({
      description: 'Hours after a retraining has begun before the next one may.',
    }),
    maximumPerDay: z.int().min(1).max(24).default(1).meta({
      description: 'Most retrainings in 24 hours.',
    }),
    monthlyTrainingMinutes: z.int().min(1).max(43_200).default(600).meta({
      description: 'Most minutes of training in a calendar month (UTC), as SageMaker bills them.',
    }),
  })
  .prefault({})
  .meta({ description: 'When the model is trained again by itself.' });
export type Retraining = z.infer<typeof retrainingSchema>;
