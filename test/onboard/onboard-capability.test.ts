import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { OnboardCapability } from '../../infra/onboard/onboard-capability.ts';
import { grants, statementsOf, synthesiseWith } from '../support/templates.ts';

const onboardOf = (configuration: Record<string, unknown> = {}) =>
  synthesiseWith(configuration, (stack, foundation) => {
    new OnboardCapability(stack, 'Onboard', foundation);
  });
const template = onboardOf();

describe('the onboard capability', () => {
  it('starts with every new object under definitions/ of the data bucket, and with nothing else', () => {
    template.resourceCountIs('AWS::Events::Rule', 1);
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
        OnboardDefinitionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OnboardOnboardDefinition'), 'Arn'] },
        ReportFailureArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OnboardReportFailure'), 'Arn'] },
      },
    });
  });

  it('checks definitions against the limits of the deployment', () => {
    onboardOf({ limits: { serverlessMaxConcurrency: 3, trainingMinutes: 45 } }).hasResourceProperties(
      'AWS::Lambda::Function',
      {
        Environment: {
          Variables: Match.objectLike({ SERVERLESS_MAX_CONCURRENCY: '3', TRAINING_MINUTES: '45' }),
        },
      },
    );
  });

  it('may read definitions, in any version, and no other object; and write none', () => {
    const granted = grants(statementsOf(template, /^Onboard(OnboardDefinition|ReportFailure)Role/));
    const definitions = {
      'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^StoresData/), 'Arn'] }, '/definitions/*']],
    };

    expect(granted.get('s3:GetObject')).toEqual([definitions]);
    expect(granted.get('s3:GetObjectVersion')).toEqual([definitions]);
    expect([...granted.keys()].filter((action) => /^s3:(Put|Delete)/.test(action))).toEqual([]);
  });

  it('may list definitions, so that S3 says that a version is gone rather than that access is denied', () => {
    const listing = statementsOf(template, /^OnboardOnboardDefinitionRole/).find(
      ({ Action }) => Action === 's3:ListBucket',
    );

    expect(listing?.Condition).toEqual({ StringLikeIfExists: { 's3:prefix': 'definitions/*' } });
  });
});
