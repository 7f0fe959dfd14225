import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { IngestCapability } from '../../infra/ingest/ingest-capability.ts';
import { grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const ingestOf = (configuration: Record<string, unknown> = {}) =>
  synthesiseWith(configuration, (stack, foundation) => {
    new IngestCapability(stack, 'Ingest', foundation);
  });
const template = ingestOf();

const underData = (prefix: string) => ({
  'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^StoresData/), 'Arn'] }, `/${prefix}/*`]],
});
const granted = (name: string) => grants(statementsOf(template, new RegExp(`^Ingest${name}Role`)));

describe('the ingest capability', () => {
  it('starts with every new object under incoming/ of the data bucket', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('^StoresData') }] },
          object: { key: [{ prefix: 'incoming/' }] },
        },
      },
    });
  });

  it('starts with every new model on the domain bus, for files that came before it', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: { source: ['tidemark'], 'detail-type': ['model.onboarded'], detail: { created: [true] } },
    });
  });

  it('starts with every model that is active again, for files that came while it was not', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: { source: ['tidemark'], 'detail-type': ['model.reactivated'] },
    });
  });

  it('starts with every execution of its own that ended without success, to go on with its work', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: {
          stateMachineArn: [{ Ref: Match.stringLikeRegexp('^IngestWorkflowMachine') }],
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
        },
      },
    });
  });

  it('keeps events that cannot be delivered', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule'));

    expect(rules).toHaveLength(4);
    for (const { Properties } of rules) {
      expect(Properties.Targets).toMatchObject([
        {
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/^UndeliveredQueue/), 'Arn'] } },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      ]);
    }
  });

  it('knows the ARN of each function that its machine invokes', () => {
    const names = [
      'ClaimArrival',
      'CloseBatch',
      'CollectFiles',
      'ValidateFiles',
      'JudgeBatch',
      'CommitDataset',
      'QuarantineFiles',
    ];
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionSubstitutions: {
        EventBusName: Match.anyValue(),
        StageName: 'dev',
        ...Object.fromEntries(
          names.map((name) => [
            `${name}Arn`,
            { Ref: Match.stringLikeRegexp(`^Ingest${name}FunctionCurrentVersion`) },
          ]),
        ),
      },
    });
  });

  it('validates with DuckDB’s layer, one virtual CPU, all the scratch disk and all the time that Lambda gives', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Layers: [{ Ref: Match.stringLikeRegexp('^DuckdbLayer') }],
      MemorySize: 1769,
      Timeout: 900,
      EphemeralStorage: { Size: 10_240 },
      Environment: {
        Variables: {
          STAGE: 'dev',
          TABLE_NAME: Match.anyValue(),
          DATA_BUCKET: Match.anyValue(),
          ARTIFACTS_BUCKET: Match.anyValue(),
          CODE_VERSION: 'test',
        },
      },
    });
    expect(
      Object.values(template.findResources('AWS::Lambda::Function')).filter(
        ({ Properties }) => Properties.Layers,
      ),
    ).toHaveLength(1);
  });

  it('reads dropped files and writes datasets where it validates, and nowhere else', () => {
    const validate = granted('ValidateFiles');

    expect(validate.get('s3:GetObjectVersion')).toEqual([underData('datasets'), underData('incoming')]);
    expect(validate.get('s3:PutObject')).toEqual([underData('datasets')]);
    expect(validate.has('s3:DeleteObject')).toBe(false);
  });

  it('hides originals and writes to quarantine only where it rejects', () => {
    const quarantine = granted('QuarantineFiles');
    expect(quarantine.get('s3:PutObject')).toEqual([underData('quarantine')]);
    expect(quarantine.get('s3:DeleteObject')).toEqual([underData('incoming')]);

    for (const name of [
      'ClaimArrival',
      'CloseBatch',
      'CollectFiles',
      'ValidateFiles',
      'JudgeBatch',
      'CommitDataset',
    ]) {
      expect(granted(name).has('s3:DeleteObject')).toBe(false);
    }
  });

  it('deletes no version of anything: what was dropped can be found again', () => {
    const actions = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: unknown }) => Action),
    );

    expect(actions).not.toContain('s3:DeleteObjectVersion');
    expect(actions).not.toContain('s3:*');
  });

  it('lists versions of dropped files, and of nothing else', () => {
    for (const name of ['CollectFiles', 'ValidateFiles', 'CommitDataset', 'QuarantineFiles']) {
      const listing = statementsOf(template, new RegExp(`^Ingest${name}Role`)).find(({ Action }) =>
        [Action].flat().includes('s3:ListBucketVersions'),
      );
      expect(listing?.Condition).toEqual({ StringLikeIfExists: { 's3:prefix': 'incoming/*' } });
    }
  });

  it('tells the machine’s ARN, with which a person goes on with a batch', () => {
    template.hasOutput('IngestStateMachineArn', {});
  });
});
