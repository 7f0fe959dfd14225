import { metricNamesOf } from '@tidemark/statistics/metrics/metric-facts.ts';
import { problemTypeSchema } from '@tidemark/statistics/metrics/metric-names.ts';
import { trimmed } from '@tidemark/statistics/tables/blanks.ts';
import * as z from 'zod';
import { modelName } from '../names.ts';
import { columnsSchema } from './columns.schema.ts';
import { monitoringSchema } from './monitoring.schema.ts';
import { retrainingSettingsSchema } from './retraining-settings.schema.ts';
import { servingSettingsSchema } from './serving-settings.schema.ts';

/** Every field has a `description`: it is what editors show, and what a problem's remedy quotes. */
const column = z.string().min(1).max(128);
const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'must be like ml.m5.large');

const targetColumn = column.meta({ description: 'Column that is predicted.', examples: ['delay'] });

/**
 * What is predicted: a column as it stands, or, for a binary problem, a number made into yes or no
 * (`above: 15` on a delay in minutes: late), or the value that counts as yes.
 */
export const targetSchema = z
  .union([
    targetColumn.transform((name) => ({ column: name })),
    z.strictObject({
      column: targetColumn,
      above: z.number().meta({ description: 'Binary only: a number above this counts as yes.' }),
    }),
    z.strictObject({
      column: targetColumn,
      positive: z
        .union([z.string(), z.number(), z.boolean()])
        .transform((value) => trimmed(String(value)))
        .meta({ description: 'Binary only: the value that counts as yes.' }),
    }),
    z.strictObject({ column: targetColumn }),
  ])
  .meta({
    description:
      'What is predicted: the name of a column, or a mapping with `column` and, for a binary problem, what counts as yes (`above` a number, or the `positive` value).',
    examples: ['delay', { column: 'delay', above: 15 }, { column: 'outcome', positive: 'paid' }],
  });
export type Target = z.infer<typeof targetSchema>;

export const ingestionSchema = z
  .strictObject({
    mode: z.enum(['append', 'replace']).default('append').meta({
      description: 'append: the dataset grows with every batch. replace: a batch is the whole dataset.',
    }),
    complete: z.enum(['quiet-period', 'marker', 'each-file']).default('quiet-period').meta({
      description:
        'When a batch is complete: after a quiet period, when a marker file arrives, or with every file.',
    }),
    quietSeconds: z.int().min(1).max(3600).default(60).meta({
      description: 'With quiet-period: seconds without a new file after which the batch is complete.',
    }),
    marker: z.string().min(1).max(64).default('_SUCCESS').meta({
      description: 'With marker: last part of the marker’s key, as Spark and Hadoop name it.',
    }),
    minimumRows: z.int().min(50).max(1_000_000_000).default(200).meta({
      description: 'A batch with fewer rows is rejected: too few to split, train and judge.',
    }),
    maximumMissing: z.number().min(0).max(1).default(0.95).meta({
      description:
        'Share of missing values, 0 to 1, above which a column that was accepted before is rejected.',
    }),
    maximumDuplicates: z.number().min(0).max(1).default(0.5).meta({
      description: 'Share of rows, 0 to 1, that may repeat another row of the batch.',
    }),
  })
  .prefault({})
  .meta({ description: 'How dropped files become a dataset.' });

export const splitSchema = z
  .strictObject({
    validation: z.number().min(0.05).max(0.4).default(0.15).meta({
      description: 'Share of the rows, 0 to 1, that training is watched on.',
    }),
    holdout: z.number().min(0.05).max(0.4).default(0.15).meta({
      description: 'Share of the rows, 0 to 1, that the model never sees and is judged on.',
    }),
  })
  .prefault({})
  .meta({ description: 'How rows are shared out; what validation and holdout leave is for training.' });

const hyperparameters = z
  .record(z.string().min(1).max(256), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({})
  .meta({
    description:
      'Hyperparameters of the training algorithm. Without an image they are those of SageMaker’s XGBoost, and are checked.',
    examples: [{ num_round: 200, max_depth: 6, eta: 0.1 }],
  });

export const trainingSchema = z
  .strictObject({
    image: z
      .string()
      .min(1)
      .max(255)
      .regex(/^\S+$/, 'must be the URI of a container image, without spaces')
      .optional()
      .meta({
        description:
          'A container image that follows SageMaker’s training and hosting contract; the built-in XGBoost without it.',
        examples: ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:3'],
      }),
    hyperparameters,
    instance: instanceType.default('ml.m5.large').meta({
      description: 'Instance type that trains and scores. Your account needs a quota for it.',
      examples: ['ml.m5.large'],
    }),
    spot: z.boolean().default(false).meta({
      description: 'Train on spare capacity: cheaper, may wait or start over.',
    }),
    timeLimitMinutes: z.int().min(1).max(2880).default(60).meta({
      description: 'Training that takes longer is stopped and counts as failed.',
    }),
    networkIsolation: z.boolean().default(true).meta({
      description: 'Whether the training container is kept off every network.',
    }),
  })
  .prefault({})
  .meta({ description: 'How the model is trained.' });

const anyMetric = [...new Set(problemTypeSchema.options.flatMap(metricNamesOf))];

const limit = z
  .union([
    z.strictObject({ atLeast: z.number().meta({ description: 'The metric must be this or more.' }) }),
    z.strictObject({ atMost: z.number().meta({ description: 'The metric must be this or less.' }) }),
  ])
  .meta({ description: 'A limit: `atLeast` or `atMost`.', examples: [{ atLeast: 0.7 }, { atMost: 0.5 }] });

export const gatesSchema = z
  .strictObject({
    absolute: z
      .record(z.string(), limit)
      .default({})
      .meta({
        description:
          'Limits on the hold-out metrics, by metric. Whatever is set here, a model must also beat a guess.',
        propertyNames: { enum: anyMetric },
        examples: [{ auc: { atLeast: 0.7 } }],
      }),
    champion: z
      .strictObject({
        metric: z.string().optional().meta({
          description:
            'Metric compared on the same hold-out rows; AUC, log loss or RMSE, by problem, without it.',
          enum: anyMetric,
        }),
        rule: z.enum(['not-worse', 'better']).default('not-worse').meta({
          description: 'not-worse: than the live version, by more than the margin. better: significantly.',
        }),
        margin: z.number().min(0).default(0.005).meta({
          description: 'How much worse, in the metric’s own unit, still counts as not worse.',
        }),
        confidence: z.number().min(0.5).max(0.999).default(0.95).meta({
          description: 'Confidence, 0 to 1, of the paired comparison.',
        }),
      })
      .prefault({})
      .meta({ description: 'How a new version must compare with the live one.' }),
  })
  .prefault({})
  .meta({ description: 'What a version must achieve before it may be deployed.' });

/** In a file and not by deleting one: a definition is versioned, checked and audited, and nothing goes by accident. */
export const lifecycleSchema = z.enum(['active', 'retired']).default('active').meta({
  description:
    'active: the model is trained, deployed and monitored. retired: none of it, and its endpoint is deleted; versions, data and history are kept, and active brings it back.',
});

/** A model definition: the only thing a user writes. Strict: an unknown field is an error, never ignored. */
export const definitionSchema = z
  .strictObject({
    name: modelName.meta({
      description: 'Name of the model, and of its file: definitions/<name>.yaml.',
      examples: ['flight-delay'],
    }),
    problem: problemTypeSchema,
    target: targetSchema,
    lifecycle: lifecycleSchema,
    description: z.string().max(1000).optional().meta({ description: 'What the model is for.' }),
    owner: z.string().max(200).optional().meta({ description: 'Who answers for the model.' }),
    features: z
      .strictObject({
        include: z.array(column).min(1).optional().meta({ description: 'Columns to use, and no others.' }),
        exclude: z.array(column).min(1).optional().meta({ description: 'Columns to leave out.' }),
      })
      .prefault({})
      .meta({ description: 'Which columns the model learns from; all but the target without it.' }),
    time: column.optional().meta({
      description:
        'Column with the time of a row: the hold-out is the latest part of each file, unless `entity` splits the rows, and its parts become features.',
      examples: ['date'],
    }),
    entity: column.optional().meta({
      description:
        'Column that says which rows belong together, such as a customer. They are never split over training, validation and hold-out; rows are then split by it and not by time. It is not a feature.',
      examples: ['customer_id'],
    }),
    weight: column.optional().meta({
      description:
        'Column of numbers, 0 or more, that say how much a row counts in training. A row without one counts as the average row. It is not a feature, and metrics count every row once.',
      examples: ['sample_weight'],
    }),
    segments: z
      .array(column)
      .max(10)
      .default([])
      .meta({ description: 'Columns by whose values metrics are also reported.', examples: [['region']] }),
    columns: columnsSchema,
    ingestion: ingestionSchema,
    split: splitSchema,
    training: trainingSchema,
    gates: gatesSchema,
    deployment: servingSettingsSchema,
    monitoring: monitoringSchema,
    retraining: retrainingSettingsSchema,
  })
  .meta({
    title: 'Tidemark model definition',
    description: 'Describes a model to Tidemark. `name`, `problem` and `target` are enough.',
  });
/** A definition with every default filled in. */
export type Definition = z.infer<typeof definitionSchema>;
