import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

/** Nothing on a laptop is encrypted by a key, but who uses what it encrypts must be allowed to use the key. */
export const kmsKey = resourceType({
  type: 'AWS::KMS::Key',
  properties: { KeyPolicy: policyDocumentSchema.optional() },
  ignored: {
    Description: 'for people',
    EnableKeyRotation: 'nothing is encrypted by it',
    PendingWindowInDays: 'nothing is encrypted by it',
    Tags: 'nothing reads them',
  },
  async apply({ KeyPolicy }, { region, accountId, services, name }) {
    const id = name({ maximum: 128, lowerCase: true });
    const arn = `arn:aws:kms:${region}:${accountId}:key/${id}`;
    services.roles.putKey(arn, KeyPolicy);
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
});
