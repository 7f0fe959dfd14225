/** Who captured, by the key of an object of captures. */
export type CaptureSource =
  /** The prediction function: raw records, each of which names its version. */
  | { readonly kind: 'function' }
  /** SageMaker, for a version on instances: encoded rows. */
  | { readonly kind: 'endpoint'; readonly version: number };

/** Reads `captures/<model>/function/…` and `captures/<model>/endpoint/v<8 digits>/…`; `null` for any other key. */
export function captureSourceOf(key: string): CaptureSource | null {
  const [root, model, by, version = ''] = key.split('/');
  if (root !== 'captures' || !model) return null;
  if (by === 'function') return { kind: 'function' };
  const digits = /^v(\d{8})$/.exec(version)?.[1];
  return by === 'endpoint' && digits !== undefined ? { kind: 'endpoint', version: Number(digits) } : null;
}
