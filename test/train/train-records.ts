import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { servingSettingsSchema } from '@tidemark/domain/definition/serving-settings.schema.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import { code, reveal, say } from '@tidemark/statistics/sentence.ts';
import type { ColumnFinding } from '../../functions/train/column-finding.schema.ts';
import type { Preparation } from '../../functions/train/preparation.schema.ts';
import type { Run } from '../../functions/train/run.schema.ts';

export const now = new Date('2026-03-01T12:00:00.000Z');

const object = (key: string) => ({ bucket: 'artifacts', key, versionId: 'v1' });

export const run: Run = {
  model: 'flight-delay',
  runId: '0123456789',
  datasetId: 'ds-0123456789abcdef',
  definitionHash: 'd1',
  causeId: 'event-1',
  leaseOwner: 'run-0123456789',
};

export const definition = definitionSchema.parse({
  name: 'flight-delay',
  problem: 'binary',
  target: { column: 'delay', above: 15 },
});

/** What is said of a column, in words that name it. */
export function finding(
  column: string,
  why: ColumnFinding['code'],
  level: ColumnFinding['level'],
): ColumnFinding {
  const used = why.includes('leak');
  const said = {
    sentence: reveal`About ${code(column)}.`,
    announcement: say`About ${code(column)}, but no value.`,
  };
  return { column, code: why, level, used, rows: 700, present: 700, distinct: null, ...said };
}

export function preparationOf(more: Partial<Preparation> = {}): Preparation {
  return {
    schemaVersion: 1,
    model: run.model,
    runId: run.runId,
    definition,
    definitionHash: 'd1',
    definitionObject: object('definitions/flight-delay.yaml'),
    dataset: {
      datasetId: run.datasetId,
      manifest: object('manifest.json'),
      rows: 1000,
      splitRows: { train: 700, validation: 150, holdout: 150 },
    },
    encoding: object('encoding.json'),
    classes: ['at most 15', 'above 15'],
    trainingLabels: { kind: 'classes', rows: [500, 200] },
    rows: { train: 700, validation: 150, holdout: 150 },
    champion: { kind: 'none' },
    notes: [],
    findings: [],
    unused: [],
    unreadTexts: [],
    ...more,
  };
}

export function versionRecord(version: number, more: Partial<VersionRecord> = {}): VersionRecord {
  return {
    model: run.model,
    version,
    status: 'approved',
    runId: run.runId,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    codeVersion: 'c1',
    definitionHash: 'd1',
    definitionObject: object('definitions/flight-delay.yaml'),
    dataset: {
      datasetId: run.datasetId,
      manifest: object('manifest.json'),
      rows: 1000,
      splitRows: { train: 700, validation: 150, holdout: 150 },
    },
    encoding: object('encoding.json'),
    training: {
      jobName: 'job',
      jobArn: 'arn:aws:sagemaker:eu-west-1:000000000000:training-job/job',
      image: 'xgboost:1.7-1',
      imageDigest: null,
      hyperparameters: { num_round: '100' },
      instance: 'ml.m5.large',
      spot: false,
      artifact: {
        bucket: 'artifacts',
        key: 'models/flight-delay/run/model.tar.gz',
        versionId: '1',
        sha256: 'a'.repeat(64),
        bytes: 1000,
      },
    },
    sagemakerModelName: `tidemark-dev-flight-delay-${version}`,
    scoredModelName: `tidemark-dev-flight-delay-${version}-t`,
    evaluation: object('evaluation.json'),
    smoke: object('smoke.json'),
    metrics: {},
    gates: [],
    comparedWith: null,
    deployment: servingSettingsSchema.parse(undefined),
    served: null,
    statusReason: null,
    ...more,
  };
}
