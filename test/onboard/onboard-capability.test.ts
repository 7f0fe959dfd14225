import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { MonitorCapability } from '../../infra/monitor/monitor-capability.ts';
import { OnboardCapability } from '../../infra/onboard/onboard-capability.ts';
import { RetrainCapability } from '../../infra/retrain/retrain-capability.ts';
import { arn, grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const onboardOf = (configuration: Record<string, unknown> = {}) =>
  synthesiseWith(configuration, (stack, foundation) => {
    const monitor = new MonitorCapability(stack, 'Monitor', foundation).workflow;
    const retrain = new RetrainCapability(stack, 'Retrain', foundation).workflow;
    new OnboardCapability(stack, 'Onboard', foundation, { monitor, retrain });
  });
const template = onboardOf();

describe('the onboard capability', () => {
  it('starts with every new object under definitions/ of the data bucket, and with nothing else', () => {
    const rules = Object.entries(template.findResources('AWS::Events::Rule')).filter(([id]) =>
      id.startsWith('Onboard'),
    );

    expect(rules).toHaveLength(1);
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: Match.absent(),
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: {
          bucket: { name: [{ Ref: Match.stringLikeRegexp('^StoresData') }] },
          object: { key: [{ prefix: 'definitions/' }] },
        },
      },
    });
  });

  it('knows the ARN of each function that its machine invokes', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionSubstitutions: {
        EventBusName: Match.anyValue(),
        StageName: 'dev',
        OnboardDefinitionArn: {
          Ref: Match.stringLikeRegexp('^OnboardOnboardDefinitionFunctionCurrentVersion'),
        },
        ReportFailureArn: { Ref: Match.stringLikeRegexp('^OnboardReportFailureFunctionCurrentVersion') },
        ListModelsArn: { Ref: Match.stringLikeRegexp('^OnboardListModelsFunctionCurrentVersion') },
        PlanMonitoringArn: { Ref: Match.stringLikeRegexp('^OnboardPlanMonitoringFunctionCurrentVersion') },
      },
    });
  });

  it('checks definitions against the limits of the deployment', () => {
    onboardOf({
      limits: {
        serverlessMaxConcurrency: 3,
        trainingMinutes: 45,
        serverlessEndpoints: 7,
        instances: { 'ml.m5.large': 2 },
      },
    }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          SERVERLESS_MAX_CONCURRENCY: '3',
          TRAINING_MINUTES: '45',
          SERVERLESS_ENDPOINTS: '7',
          ENDPOINT_INSTANCES: '{"ml.m5.large":2}',
        }),
      },
    });
  });

  it('may read definitions, in any version, and no other object; and write none', () => {
    const granted = grants(
      statementsOf(template, /^Onboard(OnboardDefinition|ReportFailure|PlanMonitoring)Role/),
    );
    const definitions = {
      'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^StoresData/), 'Arn'] }, '/definitions/*']],
    };

    expect(granted.get('s3:GetObject')).toEqual([definitions]);
    expect(granted.get('s3:GetObjectVersion')).toEqual([definitions]);
    expect([...granted.keys()].filter((action) => /^s3:(Put|Delete)/.test(action))).toEqual([]);
  });

  it('may list definitions, so that S3 says that a version is gone rather than that access is denied', () => {
    const listing = statementsOf(template, /^OnboardOnboardDefinitionRole/).find(({ Action }) =>
      [Action].flat().includes('s3:ListBucketVersions'),
    );

    expect(listing?.Condition).toEqual({ StringLikeIfExists: { 's3:prefix': 'definitions/*' } });
  });
});

describe('making the alarms and schedules of all models again', () => {
  it('takes starting the machine itself and no other, and waiting for it', () => {
    const workflow = grants(statementsOf(template, /^OnboardWorkflowRole/));

    expect(workflow.get('states:StartExecution')).toEqual([
      arn('states', 'stateMachine:tidemark-dev-onboard'),
    ]);
    expect(workflow.get('states:DescribeExecution')).toEqual([
      arn('states', 'execution:tidemark-dev-onboard:*'),
    ]);
    expect(workflow.get('events:PutRule')).toEqual([
      arn('events', 'rule/StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    ]);
  });
});

describe('the schedules of models', () => {
  const workflow = grants(statementsOf(template, /^OnboardWorkflowRole/));

  it('are in a group of the stage, so that deleting it deletes them', () => {
    template.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'tidemark-dev' });
  });

  it('may be made, changed and deleted by the machine, in that group alone', () => {
    const schedules = arn('scheduler', 'schedule/tidemark-dev/*');

    for (const action of ['Create', 'Update', 'Delete']) {
      expect(workflow.get(`scheduler:${action}Schedule`)).toEqual([schedules]);
    }
  });

  it('start the monitor and the retrain machine, and send what they could not start to the queue', () => {
    const role = grants(statementsOf(template, /^SchedulesRole/));

    expect(role.get('states:StartExecution')).toEqual([
      arn('states', 'stateMachine:tidemark-dev-monitor'),
      arn('states', 'stateMachine:tidemark-dev-retrain'),
    ]);
    expect(role.get('sqs:SendMessage')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^UndeliveredQueue/), 'Arn'] },
    ]);
  });

  it('have a role that Scheduler may take for schedules of the group only, and that only Scheduler is handed', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              ArnEquals: {
                'aws:SourceArn': { 'Fn::GetAtt': [Match.stringLikeRegexp('^SchedulesGroup'), 'Arn'] },
              },
            },
          },
        ],
      },
    });
    const pass = statementsOf(template, /^OnboardWorkflowRole/).find(
      ({ Action }) => Action === 'iam:PassRole',
    );
    expect(pass).toMatchObject({
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/^SchedulesRole/), 'Arn'] },
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  });
});

describe('the alarms of models', () => {
  it('may be put and deleted by the machine, and no others', () => {
    const workflow = grants(statementsOf(template, /^OnboardWorkflowRole/));
    const alarms = arn('cloudwatch', 'alarm:tidemark-dev-model-*');

    expect(workflow.get('cloudwatch:PutMetricAlarm')).toEqual([alarms]);
    expect(workflow.get('cloudwatch:DeleteAlarms')).toEqual([alarms]);
  });

  it('tell the topic, and schedules know their machines', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('which alarms and schedules'),
      Environment: {
        Variables: Match.objectLike({
          ALARM_TOPIC_ARN: { Ref: Match.stringLikeRegexp('^AlarmsTopic') },
          MONITOR_MACHINE_ARN: { Ref: Match.stringLikeRegexp('^MonitorWorkflow') },
          RETRAIN_MACHINE_ARN: { Ref: Match.stringLikeRegexp('^RetrainWorkflow') },
          SCHEDULE_GROUP: 'tidemark-dev',
        }),
      },
    });
  });
});
