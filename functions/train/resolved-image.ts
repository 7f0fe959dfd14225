/** An image as it runs. */
export interface ResolvedImage {
  /** By digest where that is known: a tag may come to stand for something else. */
  readonly uri: string;
  /** `sha256:…`; `null` where no registry tells. */
  readonly digest: string | null;
}

/** Where an image's digest can be asked for. */
export interface ImageLookup {
  readonly registryId: string;
  /** URI without tag. */
  readonly repository: string;
  readonly repositoryName: string;
  readonly tag: string;
}

/** `<account>.dkr.ecr.<region>.amazonaws.com[.cn]/<repository>[:<tag>][@<digest>]` */
const ecrImage =
  /^(?<repository>(?<account>\d{12})\.dkr\.ecr(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(?<name>[^:@]+))(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** What a URI says of its image: the image, or how to ask which one it is. */
export function readImage(
  uri: string,
): { readonly resolved: ResolvedImage } | { readonly lookup: ImageLookup } {
  const { repository, account, name, tag = 'latest', digest } = ecrImage.exec(uri)?.groups ?? {};
  // SageMaker may still pull from elsewhere, and does not say from where.
  if (!repository || !account || !name) return { resolved: { uri, digest: null } };
  if (digest) return { resolved: { uri: byDigest(repository, digest), digest } };
  return { lookup: { registryId: account, repository, repositoryName: name, tag } };
}

/** SageMaker takes a tag or a digest, and not both. */
export function byDigest(repository: string, digest: string): string {
  return `${repository}@${digest}`;
}
