import { type ImageMap, Images } from '../../containers/images.ts';
import { jsonService } from '../../gateway/json-service.ts';
import type { Service } from '../../gateway/service.ts';
import { batchGetImage } from './batch-get-image.ts';
import { ecrPermissions } from './permissions.ts';

interface EcrServiceOptions {
  /** The same that SageMaker gets. */
  readonly images?: ImageMap;
}

/** ECR on the wire, as far as finding the digest of an image goes. */
export function ecrService({ images = {} }: EcrServiceOptions = {}): Service {
  return jsonService({
    signingName: 'ecr',
    version: '1.1',
    permissions: ecrPermissions,
    operations: { BatchGetImage: batchGetImage(new Images(images)) },
  });
}
