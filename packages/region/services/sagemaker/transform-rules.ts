import { unsupported } from '../../aws-error.ts';
import type { CreateTransformJobRequest } from './create-transform-job.schema.ts';
import { validationError } from './errors.ts';

/** Rules of `CreateTransformJob` that span members. Throws what SageMaker, or the local region, objects to. */
export function checkTransformJob(request: CreateTransformJobRequest): void {
  const { TransformInput: input, BatchStrategy, MaxConcurrentTransforms = 0, MaxPayloadInMB } = request;
  const type = input.DataSource.S3DataSource.S3DataType;
  if (type !== 'S3Prefix') throw unsupported(`transform input of S3DataType ${type}`);
  if (input.SplitType === 'RecordIO' || input.SplitType === 'TFRecord') {
    throw unsupported(`transform input of SplitType ${input.SplitType}`);
  }
  if (MaxPayloadInMB === 0) throw unsupported('transform requests of any size (MaxPayloadInMB 0)');
  if (BatchStrategy && (input.SplitType ?? 'None') === 'None') {
    throw validationError('BatchStrategy needs a SplitType: without one there are no records.');
  }
  if (MaxConcurrentTransforms * (MaxPayloadInMB ?? 6) > 100) {
    throw validationError('MaxConcurrentTransforms times MaxPayloadInMB must not be more than 100.');
  }
}
