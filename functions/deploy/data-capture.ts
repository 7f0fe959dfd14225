import type { DataCaptureConfig } from '@aws-sdk/client-sagemaker';
import { captureKeys } from '@tidemark/domain/names.ts';
import type { VersionRecord } from '@tidemark/domain/registry/records.schema.ts';

/** What an installation has for captures. */
export interface CaptureSettings {
  /** Bucket that instance endpoints capture their traffic into. */
  readonly artifactsBucket: string;
  /** Customer-managed key for endpoints and their captures; `null` for AWS's own. */
  readonly kmsKeyArn: string | null;
}

/**
 * Has SageMaker capture every request to an instance endpoint and its answer. Its own folder per version: SageMaker's updates keep
 * the variant's name, so nothing else in a capture would tell which version answered.
 */
export function dataCapture(
  { model, version }: Pick<VersionRecord, 'model' | 'version'>,
  { artifactsBucket, kmsKeyArn }: CaptureSettings,
): DataCaptureConfig {
  return {
    EnableCapture: true,
    InitialSamplingPercentage: 100,
    DestinationS3Uri: `s3://${artifactsBucket}/${captureKeys(model).byVersion(version).replace(/\/$/, '')}`,
    ...(kmsKeyArn !== null && { KmsKeyId: kmsKeyArn }),
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    // What is not listed is captured in base64.
    CaptureContentTypeHeader: { CsvContentTypes: ['text/csv'] },
  };
}
