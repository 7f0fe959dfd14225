import { optionalText, type Permissions, textOf } from '../../gateway/permissions.ts';
import type { AccessRequest, Place } from '../../iam/access-request.ts';

function repositoryArn(name: string, registry: string, { region }: Pick<Place, 'region'>): string {
  return `arn:aws:ecr:${region}:${registry}:repository/${name}`;
}

/** By the Service Authorization Reference of ECR. */
export const ecrPermissions = {
  BatchGetImage: (input, place) => [
    {
      action: 'ecr:BatchGetImage',
      resource: repositoryArn(
        textOf(input, 'repositoryName'),
        optionalText(input, 'registryId') ?? place.accountId,
        place,
      ),
    },
  ],
} satisfies Record<string, Permissions>;

/** An image's URI, as far as it names a private repository of ECR. */
const imagePattern = /^(?<registry>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com\/(?<name>[^:@]+)/;

/** What it takes to pull an image from ECR; nothing for an image that is elsewhere. */
export function pullRequests(image: string): AccessRequest[] {
  const { registry, region, name } = imagePattern.exec(image)?.groups ?? {};
  if (registry === undefined || region === undefined || name === undefined) return [];
  const resource = repositoryArn(name, registry, { region });
  return [
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    ...['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'].map(
      (action) => ({ action, resource }),
    ),
  ];
}
