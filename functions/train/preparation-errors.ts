import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import { type ImageLimits, imageRefusals } from '@tidemark/domain/definition/image-limits.ts';
import { ConflictError, InvalidInputError } from '@tidemark/domain/errors.ts';
import { fullDisk } from '@tidemark/domain/invocations/full-disk.ts';

/** The definition was replaced between the start of a run and its first look at the data. */
export class DefinitionChangedError extends ConflictError {
  override readonly name = 'DefinitionChangedError';

  constructor(model: string) {
    super(`The definition of ${model} was changed as the run began.`);
  }
}

/** The definition was accepted before this deployment's limits on images were what they are. */
export class ImageNotAllowedError extends InvalidInputError {
  override readonly name = 'ImageNotAllowedError';
}

/** @throws ImageNotAllowedError unless the deployment lets the definition's image run as it asks */
export function requireAllowedImage(definition: Definition, limits: ImageLimits): void {
  const [refusal] = imageRefusals(definition, limits);
  if (refusal) throw new ImageNotAllowedError(`${refusal.what} ${refusal.remedy}`);
}

/** The dataset does not fit a function's scratch disk. */
export class DatasetTooLargeError extends InvalidInputError {
  override readonly name = 'DatasetTooLargeError';
}

/** Says what a full disk means for a dataset, if that is what the error is. */
export function datasetTooLarge(error: unknown, rows: number): DatasetTooLargeError | undefined {
  if (fullDisk(error) === undefined) return undefined;
  return new DatasetTooLargeError(
    `The dataset of ${rows} rows and its encoded copies do not fit the 10 GiB of scratch disk that preparation has. ` +
      'Leave columns out with features.exclude, or feed a sample with ingestion.mode: replace.',
    { cause: error },
  );
}
