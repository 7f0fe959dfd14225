/** `BatchGetImage`, which tells the digest of a tag. */
export interface ImageLookup {
  readonly RegistryId: string;
  readonly RepositoryName: string;
  readonly ImageIds: readonly { readonly ImageTag: string }[];
}

/** `<account>.dkr.ecr.<region>.amazonaws.com[.cn]/<repository>[:<tag>][@<digest>]` */
const ecrImage =
  /^(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** What is known of an image from its URI alone: its digest, or how to ask for it; neither, if it is not in ECR. */
export function resolveImage(uri: string): {
  readonly digest: string | null;
  readonly lookup: ImageLookup | null;
} {
  const parts = ecrImage.exec(uri)?.groups;
  if (!parts?.account || !parts.repository) return { digest: null, lookup: null };
  if (parts.digest) return { digest: parts.digest, lookup: null };
  const lookup = {
    RegistryId: parts.account,
    RepositoryName: parts.repository,
    ImageIds: [{ ImageTag: parts.tag ?? 'latest' }],
  };
  return { digest: null, lookup };
}
