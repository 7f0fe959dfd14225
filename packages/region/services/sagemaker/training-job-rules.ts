import { unsupported } from '../../aws-error.ts';
import { isBuiltInImage } from '../../containers/images.ts';
import type { CreateTrainingJobRequest } from './create-training-job.schema.ts';
import { validationError } from './errors.ts';

/** Rules of `CreateTrainingJob` that span members. Throws what SageMaker, or the local region, objects to. */
export function checkTrainingJob(request: CreateTrainingJobRequest): void {
  checkMetrics(request);
  checkSpot(request);
  checkChannels(request);
  checkSupport(request);
}

function checkMetrics({ AlgorithmSpecification: algorithm }: CreateTrainingJobRequest): void {
  const { MetricDefinitions: definitions, TrainingImage: image } = algorithm;
  if (definitions && isBuiltInImage(image)) {
    throw validationError(
      `MetricDefinitions are not allowed for the built-in algorithm ${image}: it defines its own.`,
    );
  }
  for (const { Name, Regex } of definitions ?? []) {
    if (!isRegex(Regex))
      throw validationError(`The regular expression of the metric ${Name} is not valid: ${Regex}`);
  }
}

function checkSpot({ EnableManagedSpotTraining: spot, StoppingCondition }: CreateTrainingJobRequest): void {
  const { MaxRuntimeInSeconds: runtime = 86_400, MaxWaitTimeInSeconds: wait } = StoppingCondition;
  if (!spot && wait !== undefined) {
    throw validationError('Invalid MaxWaitTimeInSeconds: it applies to managed spot training only.');
  }
  if (spot && (wait === undefined || wait < runtime)) {
    throw validationError(
      'Invalid MaxWaitTimeInSeconds: managed spot training needs it, and it must not be less than MaxRuntimeInSeconds.',
    );
  }
}

function checkChannels({ InputDataConfig: channels = [] }: CreateTrainingJobRequest): void {
  const names = channels.map(({ ChannelName }) => ChannelName);
  const duplicate = names.find((name, at) => names.indexOf(name) !== at);
  if (duplicate) throw validationError(`There is more than one channel of the name ${duplicate}.`);
}

function checkSupport(request: CreateTrainingJobRequest): void {
  const { AlgorithmSpecification, InputDataConfig = [], OutputDataConfig, ResourceConfig } = request;
  const modes = [AlgorithmSpecification, ...InputDataConfig].map((part) =>
    'TrainingInputMode' in part ? part.TrainingInputMode : part.InputMode,
  );
  if (modes.includes('Pipe')) throw unsupported('training in Pipe mode');
  if (ResourceConfig.InstanceCount > 1) throw unsupported('training on more than one instance');
  if (OutputDataConfig.CompressionType === 'NONE') throw unsupported('uncompressed model artifacts');
  for (const { DataSource, RecordWrapperType } of InputDataConfig) {
    const type = DataSource.S3DataSource.S3DataType;
    if (type !== 'S3Prefix') throw unsupported(`training channels of S3DataType ${type}`);
    if (RecordWrapperType === 'RecordIO') throw unsupported('training channels wrapped in RecordIO');
  }
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
