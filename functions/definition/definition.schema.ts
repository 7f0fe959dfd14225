import { z } from 'zod';
import { modelName } from '../names.ts';

const column = z.string().min(1).max(128);

/** The field's usual three. */
export const problemSchema = z.enum(['binary', 'multiclass', 'regression']);
export type Problem = z.infer<typeof problemSchema>;

/**
 * What is predicted: a column as it stands, or, for a binary problem, a number made into yes or no
 * (`above: 15` on a delay in minutes: late), or the value that counts as yes.
 */
export const targetSchema = z.union([
  column.transform((name) => ({ column: name })),
  z.strictObject({ column, above: z.number() }),
  z.strictObject({ column, positive: z.union([z.string(), z.number(), z.boolean()]).transform(String) }),
  z.strictObject({ column }),
]);
export type Target = z.infer<typeof targetSchema>;

export const ingestionSchema = z
  .strictObject({
    /** `append`: the dataset grows; `replace`: a batch is the whole dataset. */
    mode: z.enum(['append', 'replace']).default('append'),
    /** When a batch is complete: after a quiet period, when a marker file arrives, or with every file. */
    complete: z.enum(['quiet-period', 'marker', 'each-file']).default('quiet-period'),
    quietSeconds: z.int().min(1).max(3600).default(60),
    /** Last part of the marker's key, as Spark and Hadoop name it. */
    marker: z.string().min(1).max(64).default('_SUCCESS'),
    /** A batch with fewer rows is rejected: too few to split, train and judge. */
    minimumRows: z.int().min(50).max(1_000_000_000).default(200),
    /** Share of missing values, 0 to 1, above which a column that was accepted before is rejected. */
    maximumMissing: z.number().min(0).max(1).default(0.95),
    /** Share of rows, 0 to 1, that may repeat another row of the batch. */
    maximumDuplicates: z.number().min(0).max(1).default(0.5),
  })
  .prefault({});

export const splitSchema = z
  .strictObject({
    /** Shares of the rows; the rest after both is for training. */
    validation: z.number().min(0.05).max(0.4).default(0.15),
    holdout: z.number().min(0.05).max(0.4).default(0.15),
  })
  .prefault({});

const hyperparameters = z
  .record(z.string().min(1).max(256), z.union([z.string(), z.number(), z.boolean()]).transform(String))
  .default({});

export const trainingSchema = z
  .strictObject({
    /** A container image that follows SageMaker's training and hosting contract; the built-in XGBoost without it. */
    image: z.string().min(1).max(255).optional(),
    hyperparameters,
    instance: z
      .string()
      .regex(/^ml\.[a-z0-9]+\.[a-z0-9]+$/, 'must be like ml.m5.large')
      .default('ml.m5.large'),
    spot: z.boolean().default(false),
    timeLimitMinutes: z.int().min(1).max(2880).default(60),
    networkIsolation: z.boolean().default(true),
  })
  .prefault({});

export const metricNames = {
  binary: ['auc', 'logLoss', 'accuracy', 'precision', 'recall', 'f1', 'brier', 'calibrationError'],
  multiclass: ['logLoss', 'accuracy', 'macroPrecision', 'macroRecall', 'macroF1'],
  regression: ['rmse', 'mae', 'r2', 'mape'],
} as const satisfies Record<Problem, readonly string[]>;

const limit = z.union([z.strictObject({ atLeast: z.number() }), z.strictObject({ atMost: z.number() })]);

export const gatesSchema = z
  .strictObject({
    /** Limits on the hold-out metrics. Whatever is set here, a model must beat a guess (see `docs/design.md`). */
    absolute: z.record(z.string(), limit).default({}),
    champion: z
      .strictObject({
        /** Compared on the same hold-out rows; by default AUC, log loss or RMSE, by problem. */
        metric: z.string().optional(),
        /** `not-worse`: by more than `margin`; `better`: significantly. */
        rule: z.enum(['not-worse', 'better']).default('not-worse'),
        margin: z.number().min(0).default(0.005),
        confidence: z.number().min(0.5).max(0.999).default(0.95),
      })
      .prefault({}),
  })
  .prefault({});

const serverless = z.strictObject({
  kind: z.literal('serverless'),
  memoryMegabytes: z.literal([1024, 2048, 3072, 4096, 5120, 6144]).default(2048),
  maxConcurrency: z.int().min(1).max(200).default(5),
});
const instance = z.strictObject({
  kind: z.literal('instance'),
  instance: z
    .string()
    .regex(/^ml\.[a-z0-9]+\.[a-z0-9]+$/, 'must be like ml.m5.large')
    .default('ml.m5.large'),
  count: z.int().min(1).max(20).default(1),
  /** How traffic moves to a new version. Canary and linear need two instances or more to mean anything. */
  traffic: z.enum(['all-at-once', 'canary', 'linear']).default('all-at-once'),
  stepPercent: z.int().min(10).max(50).default(25),
  waitSeconds: z.int().min(0).max(3600).default(300),
});
export const deploymentSchema = z
  .discriminatedUnion('kind', [serverless, instance])
  .prefault({ kind: 'serverless' });
export type Deployment = z.infer<typeof deploymentSchema>;

/** A model definition: the only thing a user writes. Strict: an unknown field is an error, never ignored. */
export const definitionSchema = z.strictObject({
  name: modelName,
  problem: problemSchema,
  target: targetSchema,
  description: z.string().max(1000).optional(),
  owner: z.string().max(200).optional(),
  /** Columns to use, or to leave out; all but the target by default. */
  features: z
    .strictObject({ include: z.array(column).min(1).optional(), exclude: z.array(column).min(1).optional() })
    .prefault({}),
  /** Column with the time of a row: the split follows it, and its parts become features. */
  time: column.optional(),
  /** Columns by whose values metrics are also reported. */
  segments: z.array(column).max(10).default([]),
  ingestion: ingestionSchema,
  split: splitSchema,
  training: trainingSchema,
  gates: gatesSchema,
  deployment: deploymentSchema,
});
/** A definition with every default filled in. */
export type Definition = z.infer<typeof definitionSchema>;
