import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { synthesiseWith } from '../support/templates.ts';

const storesOf = (configuration: Record<string, unknown> = {}) => synthesiseWith(configuration, () => {});
const byDefault = storesOf();
const withOwnKey = storesOf({ encryption: 'customer' });
const disposable = storesOf({ removalPolicy: 'destroy' });

const ids = ['Data', 'Artifacts', 'Audit'] as const;
type Id = (typeof ids)[number];

function bucket(template: Template, id: Id) {
  const found = Object.entries(template.findResources('AWS::S3::Bucket')).find(([logicalId]) =>
    logicalId.startsWith(`Stores${id}`),
  );
  if (!found) throw new Error(`no bucket ${id}`);
  return found[1];
}

describe('captured predictions', () => {
  const rulesOf = (template: Template, id: Id): Record<string, unknown>[] =>
    bucket(template, id).Properties.LifecycleConfiguration.Rules;
  const expiring = (template: Template, id: Id) =>
    rulesOf(template, id).filter(
      (rule) => 'ExpirationInDays' in rule || 'NoncurrentVersionExpiration' in rule,
    );

  it('are deleted for good after as many days as the configuration says, as are those that were not delivered', () => {
    const deleted = (prefix: string, days: number) =>
      expect.objectContaining({
        Status: 'Enabled',
        Prefix: prefix,
        ExpirationInDays: days,
        NoncurrentVersionExpiration: { NoncurrentDays: 7 },
      });

    expect(expiring(byDefault, 'Artifacts')).toEqual([
      deleted('captures/', 365),
      deleted('capture-errors/', 365),
    ]);
    expect(expiring(storesOf({ captureRetentionDays: 90 }), 'Artifacts')).toEqual([
      deleted('captures/', 90),
      deleted('capture-errors/', 90),
    ]);
  });

  it('are all that a rule deletes: versions of data, runs and reports are pinned', () => {
    expect([...expiring(byDefault, 'Data'), ...expiring(byDefault, 'Audit')]).toEqual([]);
  });
});

describe('every bucket', () => {
  it.each(ids)('%s keeps all versions, is private, and gives up on unfinished uploads', (id) => {
    expect(bucket(byDefault, id).Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([
          expect.objectContaining({
            Status: 'Enabled',
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          }),
        ]),
      },
    });
  });

  it.each(ids)('%s is encrypted by S3, or with the customer’s key', (id) => {
    const encryptionOf = (template: Template) =>
      bucket(template, id).Properties.BucketEncryption.ServerSideEncryptionConfiguration;

    expect(encryptionOf(byDefault)).toEqual([{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
    expect(encryptionOf(withOwnKey)).toEqual([
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms',
          KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(/^StoresKey/), 'Arn'] },
        },
      },
    ]);
  });

  it('refuses whatever is not encrypted on its way', () => {
    byDefault.resourcePropertiesCountIs(
      'AWS::S3::BucketPolicy',
      {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: 'Deny',
              Action: 's3:*',
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            }),
          ]),
        }),
      },
      3,
    );
  });

  it.each(ids)('%s outlives its stack, unless the configuration says otherwise', (id) => {
    expect(bucket(byDefault, id)).toMatchObject({
      // A bucket that a failed creation made is empty, and goes with it.
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
    expect(bucket(disposable, id)).toMatchObject({ DeletionPolicy: 'Delete' });
  });

  it('has no name of its own, so that CloudFormation can replace it and two stages fit in an account', () => {
    for (const id of ids) expect(bucket(byDefault, id).Properties.BucketName).toBeUndefined();
  });
});

describe('the data bucket', () => {
  it('is the only one that sends events to EventBridge, and does it without a function of CDK’s', () => {
    expect(bucket(byDefault, 'Data').Properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
    expect(bucket(byDefault, 'Artifacts').Properties.NotificationConfiguration).toBeUndefined();
    expect(bucket(byDefault, 'Audit').Properties.NotificationConfiguration).toBeUndefined();
    byDefault.resourceCountIs('AWS::Lambda::Function', 0);
  });
});

describe('the audit bucket', () => {
  it('locks what is written for the configured time', () => {
    const locked = storesOf({ auditRetentionDays: 30 });

    expect(bucket(locked, 'Audit').Properties).toMatchObject({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
      },
    });
  });
});

describe('the registry', () => {
  it('has the keys that the code writes, expires claims, and can be restored to any second', () => {
    byDefault.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('cannot be deleted by a slip, unless the configuration makes everything disposable', () => {
    byDefault.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { DeletionProtectionEnabled: true },
    });
    disposable.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: { DeletionProtectionEnabled: false },
    });
  });

  it('is encrypted by AWS’s key, or with the customer’s', () => {
    byDefault.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true } });
    withOwnKey.hasResourceProperties('AWS::DynamoDB::Table', {
      SSESpecification: {
        SSEEnabled: true,
        SSEType: 'KMS',
        KMSMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^StoresKey'), 'Arn'] },
      },
    });
  });
});

describe('the customer’s key', () => {
  it('is made only when it is asked for, and is renewed every year', () => {
    byDefault.resourceCountIs('AWS::KMS::Key', 0);
    withOwnKey.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { EnableKeyRotation: true },
    });
  });
});
