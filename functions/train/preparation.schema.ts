import { objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { unusedColumnSchema } from '@tidemark/domain/windows/unused-column.schema.ts';
import * as z from 'zod';
import { columnFindingSchema } from './column-finding.schema.ts';
import { unreadTextSchema } from './unread-text.schema.ts';

const rowsBySplit = z.object({ train: z.int(), validation: z.int(), holdout: z.int() });

/** What a guess knows: see `TrainingLabels` in `packages/statistics/metrics/guess.ts`. */
const trainingLabelsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('classes'), rows: z.array(z.int()) }),
  z.object({ kind: z.literal('numbers'), mean: z.number() }),
]);

/** The live version that the new one is compared with. */
export const championSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('incomparable'), version: z.int(), reason: z.string() }),
  z.object({
    kind: z.literal('comparable'),
    version: z.int(),
    /** SageMaker model that scores for it. */
    scoredModelName: z.string(),
    /** Labels of its classes, in the order of their numbers; empty for regression. */
    classes: z.array(z.string()),
  }),
]);
export type Champion = z.infer<typeof championSchema>;

/** `preparation.json`: what was found while the dataset was made ready; evaluation and registration go by it. */
export const preparationSchema = z.object({
  schemaVersion: z.literal(1),
  model: z.string(),
  runId: z.string(),
  /** As it was when the run prepared its data; a later change is for later runs. */
  definition: definitionSchema,
  definitionHash: z.string(),
  definitionObject: objectPinSchema,
  dataset: z.object({
    datasetId: z.string(),
    manifest: objectPinSchema,
    rows: z.int(),
    splitRows: rowsBySplit,
  }),
  encoding: objectPinSchema,
  /** Labels of the classes, in the order of their numbers; empty for regression. */
  classes: z.array(z.string()),
  trainingLabels: trainingLabelsSchema,
  /** Rows that were written. */
  rows: rowsBySplit,
  champion: championSchema,
  /** Rows that were left out, and why. */
  notes: z.array(z.string()),
  /** Columns that were left out, and those that make the metrics doubtful. */
  findings: z.array(columnFindingSchema),
  /** What the words of free text tell that the model does not read. */
  unreadTexts: z.array(unreadTextSchema),
  /** Columns of the dataset that the model does not read, as windows of predictions watch them. */
  unused: z.array(unusedColumnSchema),
});
export type Preparation = z.infer<typeof preparationSchema>;
