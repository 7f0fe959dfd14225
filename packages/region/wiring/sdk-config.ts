/** For any SDK client: `new S3Client(region.sdkConfig)`. The calls are those of the person at the laptop. */
export interface SdkConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}
