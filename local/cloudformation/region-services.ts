import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { RoleStore } from '../iam/role-store.ts';
import type { S3Service } from '../services/s3/s3-service.ts';

/** What resource types make their resources with. */
export interface RegionServices {
  readonly s3: Pick<S3Service, 'configureBucket' | 'deleteBucket'>;
  readonly dynamodb: DynamoDBClient;
  readonly roles: RoleStore;
}
