import { type ObjectPin, objectPinSchema } from '@tidemark/domain/datasets/manifest.schema.ts';
import { Objects } from '@tidemark/domain/datasets/objects.client.ts';
import { environmentSchema } from '@tidemark/domain/environment.schema.ts';
import { type DomainEvent, sentenceOf } from '@tidemark/domain/events/domain-event.ts';
import { domainEventSchema } from '@tidemark/domain/events/domain-events.schema.ts';
import { entry } from '@tidemark/domain/invocations/entry.client.ts';
import { type Told, told } from '@tidemark/domain/invocations/outcome.ts';
import { holderSentence, LeaseLostError } from '@tidemark/domain/registry/leases.ts';
import { Models } from '@tidemark/domain/registry/models.client.ts';
import {
  artifactSchema,
  type ModelRecord,
  type VersionRecord,
} from '@tidemark/domain/registry/records.schema.ts';
import { requireActive } from '@tidemark/domain/registry/retired-model.ts';
import { RegistryTable } from '@tidemark/domain/registry/table.client.ts';
import * as z from 'zod';
import { evaluationSchema } from './evaluation.schema.ts';
import { preparationSchema } from './preparation.schema.ts';
import { decideRegistration } from './registration.ts';
import { ChampionChangedError } from './registration-errors.ts';
import { type Run, runSchema } from './run.schema.ts';
import { Runs } from './runs.client.ts';

const inputSchema = z.object({
  run: runSchema,
  preparation: objectPinSchema,
  evaluation: objectPinSchema,
  smoke: objectPinSchema,
  baseline: objectPinSchema.nullable(),
  /** The training job as it was asked for. */
  trainingJob: z.object({
    TrainingJobName: z.string(),
    AlgorithmSpecification: z.object({ TrainingImage: z.string() }),
    HyperParameters: z.record(z.string(), z.string()),
    ResourceConfig: z.object({ InstanceType: z.string() }),
    EnableManagedSpotTraining: z.boolean(),
  }),
  /** What SageMaker made of it. */
  training: z.object({
    jobArn: z.string(),
    /** Seconds that SageMaker bills, if it says so. */
    billedSeconds: z.int().nonnegative().optional(),
  }),
  imageDigest: z.string().nullable(),
  /** What was scored and is served. */
  artifact: artifactSchema,
  sagemakerModelName: z.string(),
  scoredModelName: z.string(),
});
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({ message: z.string(), events: z.array(domainEventSchema) });
type Output = z.infer<typeof outputSchema>;

const environment = environmentSchema.parse(process.env);
const objects = new Objects();
const table = new RegistryTable(environment.TABLE_NAME);
const models = new Models(table);
const runs = new Runs(table);

/** Registers a judged model as a version, approved or rejected. Safe to repeat. */
export const handler = entry({
  capability: 'train',
  name: 'register',
  input: inputSchema,
  subject: ({ run }) => ({ model: run.model, runId: run.runId, datasetId: run.datasetId }),
  run: registerRun,
  told: toldOfVersion,
});

async function registerRun(input: z.infer<typeof inputSchema>): Promise<Output> {
  const { run } = input;
  const before = await runs.registrationEvents(run);
  const events = before.length > 0 ? before : await register(input);
  return { message: events.at(-1)?.detail.message ?? '', events: [...events] };
}

function toldOfVersion({ events }: Output): Told {
  const judged = events.at(-1);
  if (judged?.type === 'version.rejected') {
    return told('refused', 'rejected', {
      message: sentenceOf(events),
      subject: { version: judged.detail.version },
    });
  }
  return told('done', 'approved', {
    message: sentenceOf(events),
    subject: judged?.type === 'version.approved' ? { version: judged.detail.version } : {},
  });
}

async function register(input: Input): Promise<readonly DomainEvent[]> {
  const { run } = input;
  const [preparation, evaluation, model] = await Promise.all([
    read(input.preparation, preparationSchema),
    read(input.evaluation, evaluationSchema),
    models.load(run.model),
  ]);
  const registration = decideRegistration(
    {
      run,
      preparation,
      evaluation,
      evaluationObject: input.evaluation,
      smokeObject: input.smoke,
      baselineObject: input.baseline,
      training: trainingOf(input),
      sagemakerModelName: input.sagemakerModelName,
      scoredModelName: input.scoredModelName,
      codeVersion: environment.CODE_VERSION,
    },
    model.nextVersion,
    new Date(),
  );
  requireUnchanged(run, model, registration.comparedLiveVersion);
  return runs.register(registration, run, input.training.billedSeconds ?? null);
}

/** Says why nothing may be registered; the transaction checks the same again. */
function requireUnchanged(run: Run, model: ModelRecord, compared: number | null): void {
  requireActive(model);
  const { lease, liveVersion } = model;
  if (lease?.owner !== run.leaseOwner) {
    throw new LeaseLostError(
      `The run lost the model before it could register its version. ${holderSentence(run.model, lease)}`,
    );
  }
  if (liveVersion !== compared) {
    throw new ChampionChangedError(
      `The version was compared with ${named(compared)}, but meanwhile ${named(liveVersion)} is live.`,
    );
  }
}

function named(version: number | null): string {
  return version === null ? 'no live version' : `version ${version}`;
}

function trainingOf({ trainingJob, training, imageDigest, artifact }: Input): VersionRecord['training'] {
  return {
    jobName: trainingJob.TrainingJobName,
    jobArn: training.jobArn,
    image: trainingJob.AlgorithmSpecification.TrainingImage,
    imageDigest,
    hyperparameters: trainingJob.HyperParameters,
    instance: trainingJob.ResourceConfig.InstanceType,
    spot: trainingJob.EnableManagedSpotTraining,
    artifact,
  };
}

async function read<T extends z.ZodType>(object: ObjectPin, schema: T): Promise<z.infer<T>> {
  return schema.parse(JSON.parse(await objects.readText(object)));
}
