import * as z from 'zod';
import { momentOfTimestamp } from './timestamp.ts';

/** Of a machine, and of the children of a distributed map. */
export const executionType = z.enum(['STANDARD', 'EXPRESS']);

/** Any JSON value: what states read, write and pass on. */
export const jsonSchema = z.json();
export type Json = z.infer<typeof jsonSchema>;

/** A string that is a JSONata expression: it starts with `{%` and ends with `%}`, with nothing outside. */
export const expressionPattern = /^\{%[\s\S]*%\}$/;

/** A value of the schema's, or an expression that gives one; `what` names the value in messages. */
function orExpression<Value extends z.ZodType>(schema: Value, what: string) {
  const error = `must be ${what}, or a JSONata expression '{% … %}'`;
  return z.union([schema, z.string().regex(expressionPattern, error)], { error });
}

const wholeNumber = (least: number, most: number) =>
  orExpression(z.int().min(least).max(most), `a whole number from ${least} to ${most}`);

/** AWS's maximum for waits and timeouts: 99,999,999 s, somewhat more than three years. */
const longestSeconds = 99_999_999;
/** AWS's maximum for `MaxDelaySeconds`: just under one year. */
const longestRetryDelaySeconds = 31_622_400;

/** Values for new variables: a name (without `$`, at most 80 characters) to a template. */
const assign = z.record(
  z.string().regex(/^[\p{L}_][\p{L}\p{N}_]{0,79}$/u, 'is not a variable name of at most 80 characters'),
  jsonSchema,
);

const errorEquals = z.array(z.string().min(1)).min(1);

export const retrierSchema = z.strictObject({
  ErrorEquals: errorEquals,
  IntervalSeconds: z.int().min(1).max(longestSeconds).default(1),
  MaxAttempts: z.int().min(0).max(longestSeconds).default(3),
  BackoffRate: z.number().min(1).default(2),
  MaxDelaySeconds: z.int().min(1).max(longestRetryDelaySeconds).exactOptional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
  Comment: z.string().exactOptional(),
});
export type Retrier = z.infer<typeof retrierSchema>;

export const catcherSchema = z.strictObject({
  ErrorEquals: errorEquals,
  Next: z.string(),
  Output: jsonSchema.exactOptional(),
  Assign: assign.exactOptional(),
  Comment: z.string().exactOptional(),
});
export type Catcher = z.infer<typeof catcherSchema>;

const everyState = {
  Comment: z.string().exactOptional(),
  QueryLanguage: z.literal('JSONata').exactOptional(),
};
const withOutput = { Output: jsonSchema.exactOptional() };
const withAssign = { Assign: assign.exactOptional() };
const withTransition = { Next: z.string().exactOptional(), End: z.boolean().exactOptional() };
const withRecovery = {
  Retry: z.array(retrierSchema).exactOptional(),
  Catch: z.array(catcherSchema).exactOptional(),
};

const taskSchema = z.strictObject({
  Type: z.literal('Task'),
  ...everyState,
  ...withTransition,
  ...withOutput,
  ...withAssign,
  ...withRecovery,
  Resource: z.string().min(1),
  Arguments: jsonSchema.exactOptional(),
  TimeoutSeconds: wholeNumber(1, longestSeconds).exactOptional(),
  HeartbeatSeconds: wholeNumber(1, longestSeconds).exactOptional(),
});
export type TaskState = z.infer<typeof taskSchema>;

const passSchema = z.strictObject({
  Type: z.literal('Pass'),
  ...everyState,
  ...withTransition,
  ...withOutput,
  ...withAssign,
});
export type PassState = z.infer<typeof passSchema>;

const choiceRuleSchema = z.strictObject({
  Condition: orExpression(z.boolean(), 'a boolean'),
  Next: z.string(),
  Comment: z.string().exactOptional(),
  ...withOutput,
  ...withAssign,
});

const choiceSchema = z.strictObject({
  Type: z.literal('Choice'),
  ...everyState,
  ...withOutput,
  ...withAssign,
  Choices: z.array(choiceRuleSchema).min(1),
  Default: z.string().exactOptional(),
});
export type ChoiceState = z.infer<typeof choiceSchema>;

const waitSchema = z.strictObject({
  Type: z.literal('Wait'),
  ...everyState,
  ...withTransition,
  ...withOutput,
  ...withAssign,
  Seconds: wholeNumber(0, longestSeconds).exactOptional(),
  /** AWS's own words (recorded by LocalStack 8b9a79f, test_wait_timestamp_invalid). */
  Timestamp: z
    .string()
    .refine((text) => expressionPattern.test(text) || momentOfTimestamp(text) !== undefined, {
      error: 'String does not match RFC3339 timestamp',
    })
    .exactOptional(),
});
export type WaitState = z.infer<typeof waitSchema>;

const succeedSchema = z.strictObject({ Type: z.literal('Succeed'), ...everyState, ...withOutput });
export type SucceedState = z.infer<typeof succeedSchema>;

const failSchema = z.strictObject({
  Type: z.literal('Fail'),
  ...everyState,
  Error: z.string().exactOptional(),
  Cause: z.string().exactOptional(),
});
export type FailState = z.infer<typeof failSchema>;

const parallelSchema = z.strictObject({
  Type: z.literal('Parallel'),
  ...everyState,
  ...withTransition,
  ...withOutput,
  ...withAssign,
  ...withRecovery,
  Arguments: jsonSchema.exactOptional(),
  get Branches() {
    return z.array(statesSchema).min(1);
  },
});
export type ParallelState = z.infer<typeof parallelSchema>;

/** Where a distributed map finds its items. */
const itemReaderSchema = z.strictObject({
  Resource: z.string().regex(/^arn:aws[a-z-]*:states:::s3:(getObject|listObjectsV2)$/, {
    error: "must be 'arn:aws:states:::s3:getObject' or 'arn:aws:states:::s3:listObjectsV2'",
  }),
  ReaderConfig: z
    .strictObject({
      InputType: z.enum(['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET']).exactOptional(),
      MaxItems: wholeNumber(1, 100_000_000).exactOptional(),
    })
    .exactOptional(),
  Arguments: jsonSchema,
});
export type ItemReader = z.infer<typeof itemReaderSchema>;

/** Where a distributed map writes what its children came to. */
const resultWriterSchema = z.strictObject({
  Resource: z.string().regex(/^arn:aws[a-z-]*:states:::s3:putObject$/, {
    error: "must be 'arn:aws:states:::s3:putObject'",
  }),
  WriterConfig: z
    .strictObject({
      Transformation: z.enum(['NONE', 'COMPACT', 'FLATTEN']).exactOptional(),
      OutputType: z.enum(['JSON', 'JSONL']).exactOptional(),
    })
    .exactOptional(),
  Arguments: jsonSchema,
});
export type ResultWriter = z.infer<typeof resultWriterSchema>;

/** How a distributed map hands out several items at a time. */
const itemBatcherSchema = z.strictObject({
  MaxItemsPerBatch: wholeNumber(1, 100_000_000).exactOptional(),
  MaxInputBytesPerBatch: wholeNumber(1, 262_144).exactOptional(),
  BatchInput: jsonSchema.exactOptional(),
});
export type ItemBatcher = z.infer<typeof itemBatcherSchema>;

const mapSchema = z.strictObject({
  Type: z.literal('Map'),
  ...everyState,
  ...withTransition,
  ...withOutput,
  ...withAssign,
  ...withRecovery,
  Items: orExpression(z.array(jsonSchema), 'an array').exactOptional(),
  ItemSelector: jsonSchema.exactOptional(),
  /** 0, the default, is as many as the service allows: 40 for an inline map. */
  MaxConcurrency: wholeNumber(0, longestSeconds).exactOptional(),
  ItemReader: itemReaderSchema.exactOptional(),
  ItemBatcher: itemBatcherSchema.exactOptional(),
  ResultWriter: resultWriterSchema.exactOptional(),
  ToleratedFailureCount: wholeNumber(0, 10_000_000).exactOptional(),
  ToleratedFailurePercentage: orExpression(
    z.number().min(0).max(100),
    'a number from 0 to 100',
  ).exactOptional(),
  Label: z.string().min(1).max(40).exactOptional(),
  get ItemProcessor() {
    return statesSchema.extend({
      ProcessorConfig: z
        .strictObject({
          Mode: z.enum(['INLINE', 'DISTRIBUTED']),
          ExecutionType: executionType.exactOptional(),
        })
        .exactOptional(),
    });
  },
});
export type MapState = z.infer<typeof mapSchema>;

/** Whether a map's iterations are executions of their own. */
export const isDistributed = ({ ItemProcessor }: MapState): boolean =>
  ItemProcessor.ProcessorConfig?.Mode === 'DISTRIBUTED';

export const stateSchema = z.discriminatedUnion('Type', [
  taskSchema,
  passSchema,
  choiceSchema,
  waitSchema,
  succeedSchema,
  failSchema,
  parallelSchema,
  mapSchema,
]);
export type State = z.infer<typeof stateSchema>;

/** A set of states with a start: a branch, an item processor, or (extended) a whole machine. */
const statesSchema = z.strictObject({
  Comment: z.string().exactOptional(),
  StartAt: z.string(),
  get States(): z.ZodRecord<z.ZodString, typeof stateSchema> {
    return z.record(z.string().min(1).max(80), stateSchema);
  },
});
export type States = z.infer<typeof statesSchema>;

/** A state machine in the Amazon States Language with JSONata, as it stands in `state-machines/*.asl.json`. */
export const machineDefinitionSchema = statesSchema.extend({
  QueryLanguage: z.literal('JSONata', {
    error: "must be 'JSONata'; machines in JSONPath are not supported by the local region",
  }),
  Version: z.literal('1.0').exactOptional(),
  TimeoutSeconds: z.int().min(1).max(longestSeconds).exactOptional(),
});
export type MachineDefinition = z.infer<typeof machineDefinitionSchema>;
