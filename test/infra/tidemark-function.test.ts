import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { TidemarkFunction, type TidemarkFunctionProps } from '../../infra/functions/tidemark-function.ts';
import { grants, statementsOf, synthesiseWith } from '../support/templates.ts';

/** A function of the repository, so that its asset exists. */
const entry = { capability: 'onboard', name: 'onboard-definition', description: 'does its work' };

function functionTemplate({
  configuration = {},
  props = {},
  grant = () => {},
}: {
  configuration?: Record<string, unknown>;
  props?: Partial<TidemarkFunctionProps>;
  grant?: (subject: TidemarkFunction) => void;
} = {}) {
  return synthesiseWith(configuration, (stack, foundation) =>
    grant(new TidemarkFunction(stack, 'Subject', { foundation, ...entry, ...props })),
  );
}
const statements = (grant: (subject: TidemarkFunction) => void, configuration = {}) =>
  statementsOf(functionTemplate({ grant, configuration }), /^SubjectRole/);

describe('a function', () => {
  const byDefault = functionTemplate();

  it('runs on the current Node.js and on arm64, and knows where everything is', () => {
    byDefault.hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Tidemark onboard: does its work',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 30,
      Environment: {
        Variables: {
          STAGE: 'dev',
          TABLE_NAME: { 'Fn::ImportValue': Match.stringLikeRegexp('-registry-of-format-') },
          DATA_BUCKET: { Ref: Match.stringLikeRegexp('^StoresData') },
          ARTIFACTS_BUCKET: { Ref: Match.stringLikeRegexp('^StoresArtifacts') },
          CODE_VERSION: 'test',
        },
      },
      Layers: Match.absent(),
    });
  });

  it('writes to a log group of its own, which forgets when the configuration says', () => {
    functionTemplate({ configuration: { logRetentionDays: 7 } }).hasResource('AWS::Logs::LogGroup', {
      DeletionPolicy: 'Delete',
      Properties: { RetentionInDays: 7 },
    });
    byDefault.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^SubjectLogs') } },
    });
  });

  it('sends traces if the configuration says so', () => {
    byDefault.hasResourceProperties('AWS::Lambda::Function', { TracingConfig: Match.absent() });
    functionTemplate({ configuration: { tracing: true } }).hasResourceProperties('AWS::Lambda::Function', {
      TracingConfig: { Mode: 'Active' },
    });
  });

  it('may do nothing but write its log until it is granted more', () => {
    const granted = statementsOf(byDefault, /^SubjectRole/);

    expect(granted).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^SubjectLogs/), 'Arn'] },
      },
    ]);
    expect(JSON.stringify(byDefault.findResources('AWS::IAM::Role'))).not.toContain('ManagedPolicyArns');
  });

  it('gets DuckDB and room to work when it touches data', () => {
    const template = functionTemplate({
      props: { duckdbScratchGibibytes: 2, memoryMegabytes: 1769, timeout: Duration.minutes(5) },
    });

    template.hasResourceProperties('AWS::Lambda::Function', {
      Layers: [{ Ref: Match.stringLikeRegexp('^DuckdbLayer') }],
      EphemeralStorage: { Size: 2048 },
      MemorySize: 1769,
      Timeout: 300,
    });
    template.hasResourceProperties('AWS::Lambda::LayerVersion', { CompatibleArchitectures: ['arm64'] });
  });

  it('shares the layer with the others of its stack', () => {
    const template = synthesiseWith({}, (stack, foundation) => {
      for (const id of ['One', 'Other']) {
        new TidemarkFunction(stack, id, { foundation, ...entry, duckdbScratchGibibytes: 1 });
      }
    });

    template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  });
});

describe('access to the registry', () => {
  const table = { 'Fn::GetAtt': [expect.stringMatching(/^StoresRegistry/), 'Arn'] };

  it('is to items of that one table', () => {
    const actions = grants(statements((subject) => subject.grantRegistry('read')));

    expect(actions.get('dynamodb:GetItem')).toEqual([table]);
    expect(actions.get('dynamodb:Query')).toEqual([table]);
    expect(actions.has('dynamodb:PutItem')).toBe(false);
  });

  it('never scans the table or deletes it, even when it writes', () => {
    const actions = [...grants(statements((subject) => subject.grantRegistry('read-write'))).keys()];

    expect(actions).toContain('dynamodb:UpdateItem');
    expect(actions).toContain('dynamodb:ConditionCheckItem');
    for (const action of ['dynamodb:Scan', 'dynamodb:DeleteTable', 'dynamodb:*', 'dynamodb:UpdateTable']) {
      expect(actions).not.toContain(action);
    }
  });

  it('comes with the customer’s key where there is one, with which DynamoDB reads and writes for whoever asks', () => {
    const configuration = { encryption: 'customer' };
    const reader = grants(statements((subject) => subject.grantRegistry('read'), configuration));
    const writer = grants(statements((subject) => subject.grantRegistry('read-write'), configuration));
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^StoresKey/), 'Arn'] };

    expect(reader.get('kms:Decrypt')).toEqual([key]);
    expect(reader.has('kms:Encrypt')).toBe(false);
    for (const action of [
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
    ]) {
      expect(writer.get(action)).toEqual([key]);
    }
  });
});

describe('access to objects', () => {
  const under = (bucket: string, path: string) => ({
    'Fn::Join': [
      '',
      [{ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^Stores${bucket}`)), 'Arn'] }, path],
    ],
  });

  it('reads any version, under a prefix of one bucket', () => {
    const actions = grants(statements((subject) => subject.grantReadObjects('data', 'incoming/')));

    expect(actions.get('s3:GetObject')).toEqual([under('Data', '/incoming/*')]);
    expect(actions.get('s3:GetObjectVersion')).toEqual([under('Data', '/incoming/*')]);
    expect(actions.has('s3:PutObject')).toBe(false);
  });

  it('writes under a prefix of one bucket, without a right to read or delete', () => {
    const actions = grants(statements((subject) => subject.grantWriteObjects('artifacts', 'runs/')));

    expect(actions.get('s3:PutObject')).toEqual([under('Artifacts', '/runs/*')]);
    expect(actions.has('s3:GetObject')).toBe(false);
    expect(actions.has('s3:DeleteObject')).toBe(false);
  });

  it('hides objects but never destroys a version', () => {
    const actions = grants(statements((subject) => subject.grantDeleteObjects('data', 'incoming/')));

    expect(actions.get('s3:DeleteObject')).toEqual([under('Data', '/incoming/*')]);
    expect(actions.has('s3:DeleteObjectVersion')).toBe(false);
  });

  it('lists only keys under the prefix, and tells a missing object, whose request names no prefix, from a forbidden one', () => {
    const listing = statements((subject) => subject.grantListObjects('data', 'incoming/')).find(
      ({ Action }) => Action === 's3:ListBucket',
    );

    expect(listing?.Condition).toEqual({ StringLikeIfExists: { 's3:prefix': 'incoming/*' } });
  });

  it('comes with the customer’s key where there is one: to decrypt, and to encrypt only for who writes', () => {
    const configuration = { encryption: 'customer' };
    const reader = grants(statements((subject) => subject.grantReadObjects('data', 'x/'), configuration));
    const writer = grants(statements((subject) => subject.grantWriteObjects('data', 'x/'), configuration));
    const key = { 'Fn::GetAtt': [expect.stringMatching(/^StoresKey/), 'Arn'] };

    expect(reader.get('kms:Decrypt')).toEqual([key]);
    expect(reader.has('kms:GenerateDataKey')).toBe(false);
    expect(writer.get('kms:GenerateDataKey')).toEqual([key]);
  });
});
