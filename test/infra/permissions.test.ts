import { describe, expect, it } from 'vitest';
import { grants, statementsOf, synthesise } from '../support/templates.ts';

const { workflows } = synthesise();
const { store: encryptedStore, workflows: encrypted } = synthesise({ encryption: 'customer' });

/** Functions that ask S3 for objects which may not be there. */
const asking = [
  ['OnboardOnboardDefinition', 'definitions/*'],
  ['IngestValidateFiles', 'datasets/*'],
  ['IngestJudgeBatch', 'datasets/*'],
  ['IngestQuarantineFiles', 'incoming/*'],
  ['TrainPrepare', 'runs/*'],
  ['TrainEvaluate', 'runs/*'],
  ['RetrainDropRows', 'incoming/*'],
  ['MonitorPlanWindow', 'monitoring/*'],
  ['MonitorFindRepeats', 'monitoring/*'],
  ['MonitorJoinLabels', 'monitoring/*'],
  ['MonitorMergeWindow', 'monitoring/*'],
] as const;

/** Functions that ask S3 for versions of objects which may have been deleted for good. */
const askingForVersions = [
  ['OnboardOnboardDefinition', 'definitions/*'],
  ['IngestValidateFiles', 'incoming/*'],
  ['IngestQuarantineFiles', 'incoming/*'],
  ['MonitorProfileSlice', 'captures/*'],
  ['MonitorJoinLabels', 'labels/*'],
  ['RetrainExportRows', 'captures/*'],
  ['RetrainExportRows', 'labels/*'],
] as const;

function conditionsOn(action: string, id: string): unknown[] {
  return statementsOf(workflows, new RegExp(`^${id}Role`))
    .filter(({ Action }) => [Action].flat().includes(action))
    .map(({ Condition }) => Condition);
}

const functionRoles = Object.keys(workflows.findResources('AWS::Lambda::Function'))
  .map((id) => id.replace(/Function[0-9A-F]{8}$/, ''))
  // Some work on objects alone.
  .filter((id) =>
    [...grants(statementsOf(workflows, new RegExp(`^${id}Role`))).keys()].some((action) =>
      action.startsWith('dynamodb:'),
    ),
  );

describe('a function that asks S3 for what may be missing', () => {
  it.each(asking)('%s is told so, not that it may not know: it lists %s', (id, prefix) => {
    // A request for an object has no `s3:prefix`, and a condition without `IfExists` would not hold.
    expect(conditionsOn('s3:ListBucket', id)).toContainEqual({ StringLikeIfExists: { 's3:prefix': prefix } });
  });

  it.each(askingForVersions)('%s is told of versions too, whichever right S3 asks: %s', (id, prefix) => {
    for (const action of ['s3:ListBucket', 's3:ListBucketVersions']) {
      expect(conditionsOn(action, id)).toContainEqual({ StringLikeIfExists: { 's3:prefix': prefix } });
    }
  });
});

describe('with the customer’s key', () => {
  it.each(functionRoles)(
    '%s can read the registry, and write it if it may, which is encrypted with it',
    (id) => {
      const role = grants(statementsOf(encrypted, new RegExp(`^${id}Role`)));
      const writing = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom'];

      expect(role.has('dynamodb:GetItem')).toBe(true);
      for (const action of ['kms:Decrypt', 'kms:DescribeKey']) expect(role.has(action)).toBe(true);
      if (role.has('dynamodb:PutItem')) for (const action of writing) expect(role.has(action)).toBe(true);
    },
  );

  it.each(['Jobs', 'Serving'])('SageMaker’s role %s can read and write what is encrypted with it', (id) => {
    const role = grants(statementsOf(encryptedStore, new RegExp(`^SageMaker${id}`)));

    for (const action of ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey']) {
      expect(role.has(action)).toBe(true);
    }
  });

  it('SageMaker’s role for serverless endpoints, which writes nothing, can read it only', () => {
    const role = grants(statementsOf(encryptedStore, /^SageMakerServerless/));

    expect([...role.keys()].filter((action) => action.startsWith('kms:'))).toEqual(['kms:Decrypt']);
  });
});
