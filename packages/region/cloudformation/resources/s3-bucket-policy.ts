import * as z from 'zod';
import { policyDocumentSchema } from '../../iam/role-store.ts';
import { resourceType } from '../resource-type.ts';

export const s3BucketPolicy = resourceType({
  type: 'AWS::S3::BucketPolicy',
  properties: { Bucket: z.string(), PolicyDocument: policyDocumentSchema },
  async apply({ Bucket, PolicyDocument }, { services }) {
    services.roles.putResourcePolicy(`arn:aws:s3:::${Bucket}`, PolicyDocument);
    return { ref: Bucket, attributes: {} };
  },
});
