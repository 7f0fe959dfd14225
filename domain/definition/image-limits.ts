import type { Definition } from './definition.schema.ts';

/** Which images may run, and which of them without isolation; set in `cdk.json`. */
export interface ImageLimits {
  /**
   * Repositories of ECR that images of one's own may come from, `<account>.dkr.ecr.<region>.amazonaws.com/<name>`, or all below a path with
   * an asterisk for the last name. `null`: any, as isolated ones reach nothing.
   */
  readonly images: readonly string[] | null;
  /** `where-allowed`: images of those repositories may run without. The built-in XGBoost is always served so where the endpoint is serverless. */
  readonly networkIsolation: 'always' | 'where-allowed';
}

/** What a definition asks of images that the deployment does not allow. */
export interface ImageRefusal {
  readonly field: 'image' | 'networkIsolation';
  readonly what: string;
  readonly remedy: string;
}

type Asked = Pick<Definition, 'training' | 'deployment'>;

/**
 * What is not allowed. An isolated container has no network and no AWS credentials; any other acts as the role of every model's jobs or
 * endpoints, so only an image that somebody answers for may run so.
 */
export function imageRefusals({ training, deployment }: Asked, limits: ImageLimits): ImageRefusal[] {
  const { image, networkIsolation } = training;
  if (image !== undefined && !isAllowed(image, limits.images)) return [notListed(image, limits.images ?? [])];
  if (limits.networkIsolation === 'where-allowed') return [];
  return [
    ...(networkIsolation ? [] : [notIsolated]),
    ...(image !== undefined && deployment.kind === 'serverless' ? [notIsolatedWhenServed] : []),
  ];
}

function isAllowed(image: string, images: ImageLimits['images']): boolean {
  if (images === null) return true;
  const repository = repositoryOf(image);
  return images.some((allowed) =>
    allowed.endsWith('/*') ? repository.startsWith(allowed.slice(0, -1)) : repository === allowed,
  );
}

/** Without its tag and its digest. A registry's port comes before the first slash. */
function repositoryOf(image: string): string {
  return image.replace(/@[^@/]*$/, '').replace(/:[^:/]*$/, '');
}

function notListed(image: string, images: readonly string[]): ImageRefusal {
  const allowed = images.length === 0 ? 'none' : images.join(', ');
  return {
    field: 'image',
    what: `\`training.image\` comes from ${repositoryOf(image)}; this installation of Tidemark allows custom images from these repositories: ${allowed}.`,
    remedy:
      'Push the image to one of them, remove the line for the built-in XGBoost, or ask the operators of Tidemark to add the repository to `limits.images` in cdk.json.',
  };
}

const notIsolated: ImageRefusal = {
  field: 'networkIsolation',
  what: '`training.networkIsolation` is false; this installation of Tidemark isolates every training, because a container with a network acts as the role of all models.',
  remedy:
    'Write `networkIsolation: true`, or ask the operators of Tidemark to set `limits.networkIsolation: where-allowed` in cdk.json and to list the image’s repository in `limits.images`.',
};

const notIsolatedWhenServed: ImageRefusal = {
  field: 'image',
  what: '`training.image` is a custom image behind a serverless endpoint, which SageMaker cannot isolate; this installation of Tidemark isolates every such image.',
  remedy:
    'Write `deployment: { kind: instance }`, or ask the operators of Tidemark to set `limits.networkIsolation: where-allowed` in cdk.json and to list the image’s repository in `limits.images`.',
};
