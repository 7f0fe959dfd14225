import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { arn, grants, statementsOf, synthesise } from '../support/templates.ts';

const { store, workflows } = synthesise();
const { store: encryptedStore, workflows: encrypted } = synthesise({
  encryption: 'customer',
  vpc: { subnetIds: ['subnet-1', 'subnet-2'], securityGroupIds: ['sg-1'] },
});

const trainingJob = arn('sagemaker', 'training-job/tidemark-dev-*');
const transformJob = arn('sagemaker', 'transform-job/tidemark-dev-*');
const model = arn('sagemaker', 'model/tidemark-dev-*');

describe('the machine', () => {
  const statements = statementsOf(workflows, /^TrainWorkflowRole/);
  const role = grants(statements);

  it('starts on a committed dataset, and keeps what cannot be delivered', () => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: { source: ['tidemark'], 'detail-type': ['dataset.committed'] },
      Targets: [
        Match.objectLike({
          Arn: { Ref: Match.stringLikeRegexp('^TrainWorkflowMachine') },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });

  it('starts on a retraining of a dataset that is there; one that adds rows comes as a dataset', () => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: {
        source: ['tidemark'],
        'detail-type': ['retraining.started'],
        detail: { datasetId: [{ prefix: 'ds-' }] },
      },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^TrainWorkflowMachine') } })],
    });
  });

  it.each([
    { status: ['ABORTED', 'TIMED_OUT'] },
    { status: ['FAILED'], error: ['States.Runtime', 'States.DataLimitExceeded'] },
  ])('starts when an execution ended that could not say so: $status', (ended) => {
    workflows.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [{ Ref: Match.stringLikeRegexp('^TrainWorkflowMachine') }], ...ended },
      },
    });
  });

  it('knows the ARN of each function that its definition invokes', () => {
    workflows.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionSubstitutions: Match.objectLike({
        StartRunArn: Match.anyValue(),
        PrepareArn: Match.anyValue(),
        KeepModelArn: Match.anyValue(),
        EvaluateArn: Match.anyValue(),
        RegisterArn: Match.anyValue(),
        RecordFailureArn: Match.anyValue(),
      }),
    });
  });

  it.each([
    { noun: 'TrainingJob', resource: trainingJob },
    { noun: 'TransformJob', resource: transformJob },
  ])(
    'may start, watch and stop a $noun of its stage, through the rule that Step Functions keeps',
    ({ noun, resource }) => {
      for (const verb of ['Create', 'Describe', 'Stop']) {
        expect(role.get(`sagemaker:${verb}${noun}`)).toContainEqual(resource);
      }
      const rule = arn('events', `rule/StepFunctionsGetEventsForSageMaker${noun}sRule`);
      for (const action of ['events:PutTargets', 'events:PutRule', 'events:DescribeRule']) {
        expect(role.get(action)).toContainEqual(rule);
      }
    },
  );

  it('may tag what it starts, as `.sync` does, and create models', () => {
    expect(role.get('sagemaker:AddTags')).toEqual(expect.arrayContaining([trainingJob, transformJob, model]));
    expect(role.get('sagemaker:CreateModel')).toContainEqual(model);
  });

  it('may pass the roles of jobs and endpoints, to SageMaker only', () => {
    const passing = statements.filter(({ Action }) => [Action].flat().includes('iam:PassRole'));

    expect(passing).toEqual([
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: ['Jobs', 'Serverless', 'Serving'].map((id) => ({
          'Fn::ImportValue': expect.stringMatching(`SageMaker${id}`),
        })),
        Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
    ]);
  });

  it('changes nothing else', () => {
    const others = [...role.keys()].filter((action) =>
      /^(dynamodb|s3|sagemaker:Delete|sagemaker:Update|ecr:)/.test(action),
    );
    expect(others).toEqual([]);
  });

  it('has everything in the role itself, which is there before the machine', () => {
    workflows.hasResourceProperties('AWS::IAM::Role', {
      Policies: [
        {
          PolicyName: 'workflow',
          PolicyDocument: Match.objectLike({
            Statement: Match.arrayWith([
              Match.objectLike({ Action: Match.arrayWith(['sagemaker:CreateTrainingJob']) }),
            ]),
          }),
        },
      ],
    });
  });

  it('may let SageMaker use the customer’s key, and only SageMaker', () => {
    const withKey = statementsOf(encrypted, /^TrainWorkflowRole/);

    expect(withKey.find(({ Action }) => Action === 'kms:CreateGrant')?.Condition).toEqual({
      Bool: { 'kms:GrantIsForAWSResource': 'true' },
    });
    expect(role.has('kms:CreateGrant')).toBe(false);
  });

  it('says where to start it by hand', () => {
    workflows.hasOutput('TrainStateMachineArn', {
      Value: { Ref: Match.stringLikeRegexp('^TrainWorkflowMachine') },
    });
  });
});

describe('the functions', () => {
  const of = (name: string) => grants(statementsOf(workflows, new RegExp(`^Train${name}Role`)));

  it('knows the image in regions of the partition that the state machines are written for, and in no others', () => {
    const [regions = {}] = Object.values(workflows.findMappings('*'));

    expect(Object.keys(regions).filter((region) => /^(us-gov|us-iso|cn)-/.test(region))).toEqual([]);
    expect(Object.keys(regions).length).toBeGreaterThan(20);
  });

  it('prepare with the region’s XGBoost, the containers’ roles, key, network and limits', () => {
    workflows.hasMapping('*', {
      'eu-west-1': { account: '141502667606' },
      'us-east-1': { account: '683313688378' },
    });
    workflows.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Tidemark train: fits the encoding'),
      MemorySize: 1769,
      Timeout: 900,
      EphemeralStorage: { Size: 10_240 },
      Environment: {
        Variables: Match.objectLike({
          XGBOOST_IMAGE: {
            'Fn::Join': [
              '',
              Match.arrayWith([
                { 'Fn::FindInMap': [Match.anyValue(), { Ref: 'AWS::Region' }, 'account'] },
                '.dkr.ecr.',
              ]),
            ],
          },
          JOBS_ROLE_ARN: { 'Fn::ImportValue': Match.stringLikeRegexp('SageMakerJobs') },
          SERVING_ROLE_ARN: { 'Fn::ImportValue': Match.stringLikeRegexp('SageMakerServing') },
          SERVERLESS_ROLE_ARN: { 'Fn::ImportValue': Match.stringLikeRegexp('SageMakerServerless') },
          IMAGES: 'null',
          NETWORK_ISOLATION: 'always',
          KMS_KEY_ARN: '',
          SUBNET_IDS: '',
          SECURITY_GROUP_IDS: '',
        }),
      },
    });
    encrypted.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          KMS_KEY_ARN: { 'Fn::ImportValue': Match.anyValue() },
          SUBNET_IDS: 'subnet-1,subnet-2',
          SECURITY_GROUP_IDS: 'sg-1',
        }),
      },
    });
  });

  it('that work on data have the DuckDB layer, and only those', () => {
    const functions = Object.values(workflows.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => String(Properties?.Description).startsWith('Tidemark train:'),
    );

    const layered = functions.filter(({ Properties }) => Properties?.Layers !== undefined);
    expect(functions).toHaveLength(6);
    expect(layered.map(({ Properties }) => Properties?.MemorySize)).toEqual([1769, 1769]);
  });

  it.each(['StartRun', 'Register', 'RecordFailure'])('%s writes the registry and no objects', (name) => {
    expect(of(name).has('dynamodb:UpdateItem')).toBe(true);
    expect(of(name).has('s3:PutObject')).toBe(false);
  });

  it.each(['Prepare', 'Evaluate'])('%s writes runs and reads no drop zone', (name) => {
    const role = of(name);

    expect(JSON.stringify(role.get('s3:PutObject'))).toMatch(/runs\/\*/);
    expect(JSON.stringify(role.get('s3:GetObject'))).not.toMatch(/incoming/);
    expect(role.has('s3:DeleteObject')).toBe(false);
  });

  it('none may start a job, scan or delete the registry', () => {
    const all = grants(statementsOf(workflows, /^Train(?!Workflow)\w+Role/));

    for (const action of ['sagemaker:CreateTrainingJob', 'dynamodb:Scan', 'dynamodb:DeleteTable']) {
      expect(all.has(action)).toBe(false);
    }
  });
});

describe.each(['Jobs', 'Serving', 'Serverless'])('SageMaker’s role %s', (id) => {
  const ofRole = new RegExp(`^SageMaker${id}`);
  const role = grants(statementsOf(store, ofRole));

  it.each([
    's3:ListBucket',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    'logs:DescribeLogStreams',
    'cloudwatch:PutMetricData',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:GetDownloadUrlForLayer',
    'ecr:BatchGetImage',
  ])('has what every job needs: %s', (action) => {
    expect(role.has(action)).toBe(true);
  });

  it('may be taken by SageMaker only', () => {
    store.hasResourceProperties('AWS::IAM::Role', {
      RoleName: Match.objectLike({
        'Fn::Join': ['', Match.arrayWith([`tidemark-dev-${id.toLowerCase()}-`])],
      }),
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }),
        ],
      },
    });
  });

  it('has the key and makes network interfaces only where there are a key and a VPC', () => {
    const more = grants(statementsOf(encryptedStore, ofRole));

    expect([role.has('kms:Decrypt'), role.has('ec2:CreateNetworkInterface')]).toEqual([false, false]);
    // Serverless endpoints have no network of their own.
    expect([more.has('kms:Decrypt'), more.has('ec2:CreateNetworkInterface')]).toEqual([
      true,
      id !== 'Serverless',
    ]);
  });
});
