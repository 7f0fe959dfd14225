import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

/** A key is a name here: nothing on a laptop is encrypted by it, and its policy is recorded. */
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
    if (KeyPolicy) services.roles.putResourcePolicy(arn, KeyPolicy);
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
});
