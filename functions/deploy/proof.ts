import { parsePrediction, UnreadablePredictionError } from '@tidemark/domain/datasets/prediction.ts';
import { agrees } from '@tidemark/domain/datasets/prediction-agreement.ts';
import type { Smoke } from '@tidemark/domain/datasets/smoke.schema.ts';
import type { Endpoint, ServedModel } from '@tidemark/domain/endpoints/endpoint.ts';
import type { Artifact, VersionRecord } from '@tidemark/domain/registry/records.schema.ts';
import type { Goal } from './rollout.schema.ts';

/**
 * Whether an endpoint runs what it should, by its description.
 * @param model the SageMaker model that the version was registered with, and the one that the configuration serves.
 * @returns what is wrong, in words, or `undefined` when it is right.
 */
export function configurationMismatch(
  goal: Pick<Goal, 'endpointName' | 'endpointConfigName'>,
  endpoint: Endpoint | null,
  model: { readonly expected: string; readonly served: string | null },
): string | undefined {
  const { endpointName, endpointConfigName } = goal;
  if (endpoint === null) return `There is no endpoint ${endpointName}.`;
  if (endpoint.status !== 'InService' || endpoint.endpointConfigName !== endpointConfigName) {
    return (
      `The endpoint ${endpointName} is ${endpoint.status} with ${endpoint.endpointConfigName}, not InService with ` +
      `${endpointConfigName}: somebody changed it meanwhile.`
    );
  }
  if (model.served === model.expected) return undefined;
  return `The endpoint configuration ${endpointConfigName} serves ${model.served ?? 'no model'}, not ${model.expected}.`;
}

/**
 * Whether the SageMaker model is what was registered: it can be deleted and made again under its name.
 * @returns what is wrong, in words, or `undefined` when it is right.
 */
export function modelMismatch(
  { sagemakerModelName: name, training }: Pick<VersionRecord, 'sagemakerModelName' | 'training'>,
  model: ServedModel | null,
): string | undefined {
  if (model === null) return `There is no SageMaker model ${name} any more.`;
  const { image, artifact } = training;
  if (model.image !== image) return `The SageMaker model ${name} runs ${model.image}, not ${image}.`;
  const url = `s3://${artifact.bucket}/${artifact.key}`;
  if (model.artifactUrl === url) return undefined;
  return `The SageMaker model ${name} has its artifact at ${model.artifactUrl}, not at ${url}.`;
}

/**
 * Whether the artifact is what was scored and registered.
 * @param found what is there now, which is what SageMaker loads; `null`: nothing
 * @returns what is wrong, in words, or `undefined` when it is right.
 */
export function artifactMismatch(
  { bucket, key, sha256, bytes }: Artifact,
  found: Pick<Artifact, 'sha256' | 'bytes'> | null,
): string | undefined {
  const where = `The artifact s3://${bucket}/${key}`;
  if (found === null) return `${where} is not there any more.`;
  if (found.sha256 === sha256 && found.bytes === bytes) return undefined;
  return (
    `${where} is not the evaluated one: its SHA-256 is ${found.sha256} (${found.bytes} bytes), and ${sha256} ` +
    `(${bytes} bytes) was registered. It was overwritten: CloudTrail shows by whom. The registered version is still in the bucket.`
  );
}

type SmokeRow = Smoke['rows'][number];

/**
 * Compares the endpoint's answer to a row with the recorded prediction.
 * @returns what is wrong, in words, or `undefined` when it agrees.
 */
export function disagreement({ prediction }: SmokeRow, answer: string): string | undefined {
  const answered = readAnswer(answer);
  if (typeof answered === 'string') return answered;
  if (answered.length !== prediction.length) {
    return `answered ${answered.length} numbers where ${prediction.length} were recorded`;
  }
  const index = prediction.findIndex((recorded, at) => !agrees(recorded, answered[at]));
  if (index === -1) return undefined;
  const which = prediction.length === 1 ? '' : ` for class ${index}`;
  return `answered ${answered[index]}${which} where ${prediction[index]} was recorded`;
}

function readAnswer(answer: string): number[] | string {
  try {
    return parsePrediction(answer);
  } catch (error) {
    if (error instanceof UnreadablePredictionError) return `could not be read: ${error.message}`;
    throw error;
  }
}
