import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { type Images, UnknownImageError } from '../../containers/images.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Call } from '../../gateway/service.ts';

const inputSchema = z.strictObject({
  registryId: z
    .string()
    .regex(/^\d{12}$/, 'Not an account.')
    .optional(),
  repositoryName: z.string().min(2).max(256),
  imageIds: z
    .array(z.strictObject({ imageTag: z.string().optional(), imageDigest: z.string().optional() }))
    .min(1)
    .max(100),
  acceptedMediaTypes: z.array(z.string()).min(1).max(100).optional(),
});

type ImageId = z.infer<typeof inputSchema>['imageIds'][number];

/** `BatchGetImage`: the digests of what runs in place of images. There are no manifests. */
export function batchGetImage(images: Images) {
  return async (input: unknown, call: Call) => {
    const request = parseInput('ecr:BatchGetImage', inputSchema, input);
    const { repositoryName, registryId = call.accountId } = request;
    const repository = `${registryId}.dkr.ecr.${call.region}.amazonaws.com/${repositoryName}`;
    const looked = await Promise.all(request.imageIds.map((id) => look(images, repository, id)));
    if (looked.every((found) => found === undefined)) throw noRepository(repositoryName, registryId);
    return {
      images: looked.flatMap((imageId) => (imageId ? [{ registryId, repositoryName, imageId }] : [])),
      failures: request.imageIds.flatMap((imageId, at) => (looked[at] ? [] : [failure(imageId)])),
    };
  };
}

/** The tag's digest, or the digest itself if the repository's image has it; `undefined` when there is none. */
async function look(images: Images, repository: string, id: ImageId): Promise<ImageId | undefined> {
  const tag = id.imageTag ?? 'latest';
  const digest = await digestOf(images, `${repository}:${tag}`);
  if (digest === undefined || (id.imageDigest !== undefined && id.imageDigest !== digest)) return undefined;
  return { imageDigest: digest, ...(id.imageTag !== undefined && { imageTag: id.imageTag }) };
}

async function digestOf(images: Images, uri: string): Promise<string | undefined> {
  try {
    return (await images.resolve(uri)).digest;
  } catch (error) {
    if (error instanceof UnknownImageError) return undefined;
    throw error;
  }
}

function noRepository(name: string, registryId: string): AwsError {
  return new AwsError(
    'RepositoryNotFoundException',
    `The local region runs no image of the repository '${name}' of the registry '${registryId}'. See packages/region/SUPPORT.md ` +
      'for how to map one to a command.',
  );
}

function failure(imageId: ImageId) {
  return { imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}
