import { BatchGetImageCommand, ECRClient, ECRServiceException } from '@aws-sdk/client-ecr';
import { InvalidInputError } from '@tidemark/domain/errors.ts';
import { byDigest, type ImageLookup, type ResolvedImage, readImage } from './resolved-image.ts';

/** The registry has no such image, or does not say which it is. */
export class UnresolvedImageError extends InvalidInputError {
  override readonly name = 'UnresolvedImageError';
}

/** Errors of ECR that last until somebody pushes the image or changes a policy. */
const lasting = ['RepositoryNotFoundException', 'AccessDeniedException', 'InvalidParameterException'];

/** Images of ECR, by digest. */
export class ImageRegistry {
  readonly #ecr: ECRClient;

  constructor(ecr = new ECRClient({})) {
    this.#ecr = ecr;
  }

  /**
   * Says which image a URI stands for now.
   * @throws UnresolvedImageError when its registry does not tell
   */
  async resolve(uri: string): Promise<ResolvedImage> {
    const read = readImage(uri);
    if ('resolved' in read) return read.resolved;
    const found = await this.#digestOf(read.lookup);
    if (found.digest !== undefined) {
      return { uri: byDigest(read.lookup.repository, found.digest), digest: found.digest };
    }
    throw new UnresolvedImageError(
      `The image ${uri} cannot be found in its repository (${found.why}). Push it, correct \`training.image\`, or let the repository's policy grant ecr:BatchGetImage to this account.`,
    );
  }

  /**
   * As `resolve`, and the URI itself where its registry does not tell: for the image that AWS keeps, whose repository is not ours to
   * open. What runs then is what SageMaker takes the tag for.
   */
  async resolveIfTold(uri: string): Promise<ResolvedImage> {
    try {
      return await this.resolve(uri);
    } catch (error) {
      if (error instanceof UnresolvedImageError) return { uri, digest: null };
      throw error;
    }
  }

  async #digestOf({
    registryId,
    repositoryName,
    tag,
  }: ImageLookup): Promise<
    { readonly digest: string } | { readonly digest?: undefined; readonly why: string }
  > {
    try {
      const { images, failures } = await this.#ecr.send(
        new BatchGetImageCommand({ registryId, repositoryName, imageIds: [{ imageTag: tag }] }),
      );
      const digest = images?.[0]?.imageId?.imageDigest;
      if (digest !== undefined) return { digest };
      return { why: failures?.[0]?.failureReason ?? 'no image has that tag' };
    } catch (error) {
      if (error instanceof ECRServiceException && lasting.includes(error.name)) return { why: error.message };
      throw error;
    }
  }
}
