import type { Config } from '../config.schema.ts';

/** What a function needs that looks at images: `domain/definition/image-limits.schema.ts`. */
export function imageLimitsEnvironment({
  images,
  networkIsolation,
}: Config['limits']): Record<string, string> {
  return { IMAGES: JSON.stringify(images ?? null), NETWORK_ISOLATION: networkIsolation };
}
