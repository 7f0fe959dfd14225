import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { RetrainCapability } from '../../infra/retrain/retrain-capability.ts';
import { grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const template = synthesiseWith({}, (stack, foundation) => {
  new RetrainCapability(stack, 'Retrain', foundation);
});
const role = (name: string) => grants(statementsOf(template, new RegExp(`^Retrain${name}Role`)));
const objects = (bucket: 'Data' | 'Artifacts', prefix: string) => ({
  'Fn::Join': [
    '',
    [{ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^Stores${bucket}`)), 'Arn'] }, `/${prefix}*`],
  ],
});

describe('the retrain capability', () => {
  it('starts when an alarm of a model goes off, and not when it stays on', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.cloudwatch'],
        'detail-type': ['CloudWatch Alarm State Change'],
        detail: {
          alarmName: [
            { wildcard: 'tidemark-dev-model-*-drift' },
            { wildcard: 'tidemark-dev-model-*-quality' },
          ],
          state: { value: ['ALARM'] },
          previousState: { value: [{ 'anything-but': ['ALARM'] }] },
        },
      },
    });
  });

  it('keeps within what a rule may have: its pattern in characters, and the wildcards of a bus', () => {
    const rules = Object.values(template.findResources('AWS::Events::Rule'));
    const patterns = rules.map(({ Properties }) => JSON.stringify(Properties.EventPattern));
    const wildcards = patterns.join().match(/"wildcard"/g) ?? [];

    for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(2048);
    // EventBridge allows 30 rules with wildcards on a bus.
    expect(wildcards.length).toBeLessThanOrEqual(30);
  });

  it('starts with every further window of an episode that nobody has answered', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: Match.stringLikeRegexp('^EventsBus') },
      EventPattern: { source: ['tidemark'], 'detail-type': ['drift.continued', 'quality.continued'] },
    });
  });

  it.each([
    ['stopped', { status: ['ABORTED', 'TIMED_OUT'] }],
    ['broken', { status: ['FAILED'], error: ['States.Runtime', 'States.DataLimitExceeded'] }],
  ])('gives up what an execution that was %s had begun', (_, detail) => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail,
      },
    });
  });

  it('can be started by hand: its ARN is an output', () => {
    template.hasOutput('RetrainStateMachineArn', {});
  });
});

describe('what it may do:', () => {
  it('only ExportRows reads captures and labels, and it writes nothing that ingest reads', () => {
    const granted = role('ExportRows');

    expect(granted.get('s3:GetObject')).toEqual(
      expect.arrayContaining([objects('Artifacts', 'captures/'), objects('Data', 'labels/')]),
    );
    expect(granted.get('s3:PutObject')).toEqual([objects('Artifacts', 'retraining/')]);
  });

  it('only DropRows writes into the drop zone, and deletes nothing', () => {
    const granted = role('DropRows');

    expect(granted.get('s3:PutObject')).toEqual([objects('Data', 'incoming/')]);
    expect([...granted.keys()].filter((action) => action.startsWith('s3:Delete'))).toEqual([]);
  });

  it.each(['Decide', 'Follow', 'RecordFailure'])('%s has the registry, and no objects', (name) => {
    const granted = role(name);

    expect(granted.has('dynamodb:UpdateItem')).toBe(true);
    expect([...granted.keys()].filter((action) => action.startsWith('s3:'))).toEqual([]);
  });

  it('the machine starts no job and touches no endpoint: that is for train and deploy', () => {
    const granted = role('Workflow');

    expect([...granted.keys()].filter((action) => action.startsWith('sagemaker:'))).toEqual([]);
    expect(granted.has('lambda:InvokeFunction')).toBe(true);
  });
});
