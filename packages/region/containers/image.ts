/** What runs in place of a container image: a command that takes `train` or `serve` as its last argument. */
export interface Image {
  readonly command: string;
  readonly arguments: readonly string[];
  /** `sha256:` and a digest of what the command consists of, in the place of the digest of an image's manifest. */
  readonly digest: string;
}
