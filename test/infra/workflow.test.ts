import { Match } from 'aws-cdk-lib/assertions';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { TidemarkFunction } from '../../infra/functions/tidemark-function.ts';
import { Workflow } from '../../infra/workflow/workflow.ts';
import { arn, grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const template = synthesiseWith({ stage: 'test', logRetentionDays: 14 }, (stack, foundation) => {
  const subject = new TidemarkFunction(stack, 'Subject', {
    foundation,
    capability: 'onboard',
    name: 'onboard-definition',
    description: 'does its work',
  });
  new Workflow(stack, 'Workflow', {
    foundation,
    capability: 'onboard',
    functions: { Subject: subject },
    substitutions: { Extra: 'extra' },
    statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::extra/*'] })],
  })
    .startOn('OnObject', { source: ['aws.s3'] })
    .startOn('OnEvent', { source: ['tidemark'] }, foundation.events.bus);
});

describe('a workflow', () => {
  it('is its ASL file with the values of its deployment', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      DefinitionS3Location: Match.anyValue(),
      DefinitionSubstitutions: {
        EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
        StageName: 'test',
        Extra: 'extra',
        SubjectArn: { Ref: Match.stringLikeRegexp('^SubjectFunctionCurrentVersion') },
      },
    });
  });

  it('may invoke its functions, put domain events, and what is stated; nothing else but to write its log', () => {
    const granted = grants(statementsOf(template, /^WorkflowRole/));

    expect(granted.get('lambda:InvokeFunction')).toEqual([
      { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^SubjectFunction/), 'Arn'] }, ':*']] },
    ]);
    expect(granted.get('events:PutEvents')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^EventsBus/), 'Arn'] },
    ]);
    expect(granted.get('s3:GetObject')).toEqual(['arn:aws:s3:::extra/*']);
    const others = [...granted.keys()].filter(
      (action) => !/^(lambda:InvokeFunction|events:PutEvents|s3:GetObject)$/.test(action),
    );
    for (const action of others) expect(action).toMatch(/^logs:/);
  });

  it('invokes the versions of its functions that belong to its deployment, which are kept when the next one makes others', () => {
    const versions = Object.values(template.findResources('AWS::Lambda::Version'));

    expect(versions.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain']);
  });

  it('has its rights before it is made: inline, as `.sync` tasks need', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'states.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': arn('states', 'stateMachine:*') },
            },
          }),
        ],
      }),
      Policies: [Match.objectLike({ PolicyName: 'workflow' })],
    });
  });

  it('logs every step, without the data', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: Match.objectLike({ Level: 'ALL', IncludeExecutionData: false }),
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/vendedlogs/states/tidemark-test-onboard',
      RetentionInDays: 14,
    });
  });

  it('rings the alarm when an execution fails', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/States',
      MetricName: 'ExecutionsFailed',
      AlarmDescription: 'The onboard workflow has failed. See docs/runbook.md.',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^AlarmsTopic') }],
    });
  });
});

describe('a rule that starts a workflow', () => {
  const targets = [
    Match.objectLike({
      Arn: { Ref: Match.stringLikeRegexp('^WorkflowMachine') },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UndeliveredQueue'), 'Arn'] } },
      RetryPolicy: { MaximumEventAgeInSeconds: 24 * 3600, MaximumRetryAttempts: 185 },
    }),
  ];

  it('listens on the default bus for AWS’s events and on ours for our own, and loses none', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.s3'] },
      EventBusName: Match.absent(),
      Targets: targets,
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['tidemark'] },
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      Targets: targets,
    });
  });

  it('starts it as a role that only rules of the stage may take, on the default bus and on ours', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: {
              ArnLike: {
                'aws:SourceArn': [
                  arn('events', 'rule/tidemark-test-*'),
                  arn('events', 'rule/tidemark-test/*'),
                ],
              },
            },
          }),
        ],
      }),
    });
  });

  it('may start that machine, and put what it could not deliver into the queue', () => {
    const roles = statementsOf(template, /^WorkflowMachineEventsRole/);

    expect(roles).toEqual([
      {
        Effect: 'Allow',
        Action: 'states:StartExecution',
        Resource: { Ref: expect.stringMatching(/^WorkflowMachine/) },
      },
    ]);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
          }),
        ]),
      }),
    });
  });
});
