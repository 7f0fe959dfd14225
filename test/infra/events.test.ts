import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { arn, synthesise, synthesiseWith } from '../support/templates.ts';

const eventsOf = (configuration: Record<string, unknown> = {}) => synthesiseWith(configuration, () => {});
const byDefault = eventsOf();
const { store, workflows } = synthesise();

describe('the bus of domain events', () => {
  it('has its stage in its name', () => {
    eventsOf({ stage: 'prod' }).hasResourceProperties('AWS::Events::EventBus', { Name: 'tidemark-prod' });
  });
});

describe('events that cannot be delivered', () => {
  it('are kept as long as SQS can, encrypted', () => {
    byDefault.hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
    });
  });

  it('ring the alarm with the first of them', () => {
    byDefault.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^AlarmsTopic') }],
    });
  });
});

describe('the policy of the queue of events that cannot be delivered', () => {
  const policies = Object.values(store.findResources('AWS::SQS::QueuePolicy'));
  const statements: { Principal: unknown; Condition: Record<string, Record<string, unknown>> }[] =
    policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

  it('stays within what SQS takes, however many rules there are', () => {
    const rules = Object.keys(workflows.findResources('AWS::Events::Rule'));
    const conditions = statements.flatMap(({ Condition }) => Object.values(Condition).flatMap(Object.keys));

    expect(rules.length).toBeGreaterThan(10);
    expect(policies).toHaveLength(1);
    expect(conditions.length).toBeLessThanOrEqual(10);
    expect(statements.length).toBeLessThanOrEqual(20);
  });

  it('lets rules of this stage send, on the default bus and on ours', () => {
    const sending = statements.filter(({ Principal }) =>
      JSON.stringify(Principal).includes('events.amazonaws.com'),
    );

    expect(sending.map(({ Condition }) => Condition)).toEqual([
      {
        ArnLike: {
          'aws:SourceArn': [arn('events', 'rule/tidemark-dev-*'), arn('events', 'rule/tidemark-dev/*')],
        },
      },
    ]);
  });
});

describe('alarms', () => {
  it('may be told by this account’s CloudWatch to the topic, over an encrypted connection only', () => {
    byDefault.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      }),
    });
  });

  it('are mailed to the configured address, if there is one', () => {
    byDefault.resourceCountIs('AWS::SNS::Subscription', 0);
    eventsOf({ alarmEmail: 'oncall@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
  });

  it('say where to read on', () => {
    const alarms = Object.values(byDefault.findResources('AWS::CloudWatch::Alarm'));

    for (const { Properties } of alarms) expect(Properties.AlarmDescription).toContain('docs/runbook.md');
  });
});
