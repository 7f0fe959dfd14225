import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { arn, grants, statementsOf, synthesise } from '../support/templates.ts';

const { store, workflows } = synthesise();
const encrypted = synthesise({ encryption: 'customer' }).workflows;

const endpoint = arn('sagemaker', 'endpoint/tidemark-dev-*');
const endpointConfig = arn('sagemaker', 'endpoint-config/tidemark-dev-*');

describe('the machine', () => {
  const role = grants(statementsOf(workflows, /^DeployWorkflowRole/));

  it.each([
    ['an approval', ['version.approved']],
    ['a model that is retired or active again', ['model.retired', 'model.reactivated']],
  ])('starts on %s, and keeps what cannot be delivered', (_, types) => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: { source: ['tidemark'], 'detail-type': types },
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^DeployWorkflowMachine') },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });

  it.each([
    { title: 'was stopped or ran out of time', detail: { status: ['ABORTED', 'TIMED_OUT'] } },
    {
      title: 'broke a limit of Step Functions, or could not record how it ended',
      detail: {
        status: ['FAILED'],
        error: ['States.Runtime', 'States.DataLimitExceeded', 'DeploymentUnfinished'],
      },
    },
  ])('starts when an execution $title, and so could not clean up', ({ detail }) => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: Match.stringLikeRegexp('^DeployWorkflowMachine') }], ...detail },
      },
    });
  });

  it('knows the ARN of each function that its definition invokes', () => {
    workflows.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionSubstitutions: Match.objectLike({
        StartDeploymentArn: Match.anyValue(),
        CheckEndpointArn: Match.anyValue(),
        ProveEndpointArn: Match.anyValue(),
        PromoteVersionArn: Match.anyValue(),
        PlanRollbackArn: Match.anyValue(),
        RecordRollbackArn: Match.anyValue(),
        RecordRemovalArn: Match.anyValue(),
      }),
    });
  });

  it.each(['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'])(
    'may %s both as endpoint and as configuration, in lower case, of its stage only',
    (action) => {
      expect(role.get(action)).toEqual([endpointConfig, endpoint]);
    },
  );

  it('may tag what it creates', () => {
    expect(role.get('sagemaker:AddTags')).toEqual([endpointConfig, endpoint]);
  });

  it('may create and find configurations, and delete endpoints but never configurations', () => {
    expect(role.get('sagemaker:CreateEndpointConfig')).toEqual([endpointConfig]);
    expect(role.get('sagemaker:DescribeEndpointConfig')).toEqual([endpointConfig]);
    expect(role.get('sagemaker:DeleteEndpoint')).toEqual([endpoint]);
    expect(role.has('sagemaker:DeleteEndpointConfig')).toBe(false);
  });

  it('may put and delete the alarms of its stage, which SageMaker reads in its name', () => {
    const alarms = arn('cloudwatch', 'alarm:tidemark-dev-update-*');

    expect(role.get('cloudwatch:PutMetricAlarm')).toEqual([alarms]);
    expect(role.get('cloudwatch:DeleteAlarms')).toEqual([alarms]);
    expect(role.get('cloudwatch:DescribeAlarms')).toEqual(['*']);
  });

  it('passes no role: the SageMaker model has its own', () => {
    expect(role.has('iam:PassRole')).toBe(false);
  });

  it('may let SageMaker use the customer’s key, and only SageMaker', () => {
    const statements = statementsOf(encrypted, /^DeployWorkflowRole/);

    expect(statements.find(({ Action }) => Action === 'kms:CreateGrant')?.Condition).toEqual({
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    });
    expect(grants(statements).has('kms:DescribeKey')).toBe(true);
    expect(role.has('kms:CreateGrant')).toBe(false);
  });

  it('says where to start it by hand', () => {
    workflows.hasOutput('DeployStateMachineArn', {
      Value: { Ref: Match.stringLikeRegexp('^DeployWorkflowMachine') },
    });
  });
});

describe('the functions', () => {
  it.each(['StartDeployment', 'CheckEndpoint', 'ProveEndpoint'])('%s may look at endpoints', (name) => {
    const role = grants(statementsOf(workflows, new RegExp(`^Deploy${name}Role`)));

    expect(role.get('sagemaker:DescribeEndpoint')).toEqual([endpoint]);
  });

  it('only ProveEndpoint may invoke an endpoint and read runs', () => {
    for (const name of [
      'StartDeployment',
      'CheckEndpoint',
      'PromoteVersion',
      'PlanRollback',
      'RecordRollback',
    ]) {
      const role = grants(statementsOf(workflows, new RegExp(`^Deploy${name}Role`)));
      expect(role.has('sagemaker:InvokeEndpoint')).toBe(false);
      expect(role.has('s3:GetObject')).toBe(false);
    }
    const prover = grants(statementsOf(workflows, /^DeployProveEndpointRole/));
    expect(prover.get('sagemaker:InvokeEndpoint')).toEqual([endpoint]);
    expect(prover.get('sagemaker:DescribeEndpointConfig')).toEqual([endpointConfig]);
    expect(prover.has('s3:GetObjectVersion')).toBe(true);
  });

  it('none may change an endpoint, scan or delete the registry', () => {
    const all = grants(statementsOf(workflows, /^Deploy(?!Workflow)\w+Role/));

    for (const action of [
      'sagemaker:CreateEndpoint',
      'sagemaker:UpdateEndpoint',
      'dynamodb:Scan',
      'dynamodb:DeleteTable',
    ]) {
      expect(all.has(action)).toBe(false);
    }
    expect(all.has('dynamodb:UpdateItem')).toBe(true);
  });

  it('plan with the installation’s limits and key', () => {
    const limited = synthesise({ limits: { serverlessMaxConcurrency: 3 } }).workflows;

    limited.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SERVERLESS_MAX_CONCURRENCY: '3', KMS_KEY_ARN: '' }) },
    });
    encrypted.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ KMS_KEY_ARN: { 'Fn::ImportValue': Match.anyValue() } }) },
    });
  });
});

it('SageMaker’s own role for instances may read alarms too', () => {
  expect(grants(statementsOf(store, /^SageMakerServing/)).get('cloudwatch:DescribeAlarms')).toEqual(['*']);
});
