import type { Image } from '../../containers/image.ts';
import { type Images, UnknownImageError } from '../../containers/images.ts';
import { validationError } from './errors.ts';

/** What runs for an image; a `ValidationException` that says how to map one that nothing runs for. */
export async function resolveImage(images: Images, uri: string): Promise<Image> {
  try {
    return await images.resolve(uri);
  } catch (error) {
    if (error instanceof UnknownImageError) throw validationError(error.message);
    throw error;
  }
}

/** The image by its digest, as `ResolvedImage` names it: `repository@sha256:…`. */
export function imageByDigest(uri: string, { digest }: Image): string {
  return `${uri.replace(/(@sha256:[0-9a-f]+|:[\w.-]+)$/, '')}@${digest}`;
}
