import { storeFormat } from '@tidemark/domain/registry/store-format.ts';
import { describe, expect, it } from 'vitest';
import { synthesise } from '../support/templates.ts';

const { store, workflows } = synthesise({
  encryption: 'customer',
  vpc: { subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'] },
});
const resources: Readonly<Record<string, { Type: string; Properties: Record<string, unknown> }>> =
  workflows.toJSON().Resources;

/** The property that gives a resource a name which stays when it is made again. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::StepFunctions::StateMachine': 'StateMachineName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Events::EventBus': 'Name',
};

/** What functions use by themselves, and write into nothing that outlives them. */
const ownUse = ['CAPTURE_STREAM'];

const variables = Object.values(resources).flatMap(({ Type, Properties }) => {
  const environment: { Variables?: Record<string, unknown> } = Object(Properties).Environment ?? {};
  return Type === 'AWS::Lambda::Function' ? Object.entries(environment.Variables ?? {}) : [];
});

/** Logical ids that a value refers to, in its own template. */
function referredTo(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref, 'Fn::GetAtt': attribute }: { Ref?: string; 'Fn::GetAtt'?: [string, string] } = value;
  const own = [Ref, attribute?.[0]].filter((id) => id !== undefined && id in resources);
  return [...own.map(String), ...Object.values(value).flatMap(referredTo)];
}

/**
 * SageMaker's models, alarms and schedules are made by functions and workflows, and outlive the stack of both. What a function knows of its
 * deployment, it knows by its environment, and may write into them.
 */
describe('when the workflows’ stack is made again', () => {
  it('whatever its functions may have written into models, alarms and schedules is what it was', () => {
    const others = variables
      .filter(([name]) => !ownUse.includes(name))
      .flatMap(([name, value]) => referredTo(value).map((id) => ({ name, id })))
      .filter(({ id }) => {
        const property = nameProperties[resources[id]?.Type ?? ''];
        return property === undefined || typeof resources[id]?.Properties[property] !== 'string';
      });

    expect(variables.length).toBeGreaterThan(100);
    expect(others).toEqual([]);
  });

  it.each([
    'JOBS_ROLE_ARN',
    'SERVING_ROLE_ARN',
    'SERVERLESS_ROLE_ARN',
    'KMS_KEY_ARN',
    'ALARM_TOPIC_ARN',
    'SCHEDULER_ROLE_ARN',
    'DEAD_LETTER_QUEUE_ARN',
  ])('%s is of the store', (name) => {
    const values = variables.filter(([variable]) => variable === name).map(([, value]) => value);

    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect(value).toEqual({ 'Fn::ImportValue': expect.any(String) });
  });
});

describe('a release that stores another format', () => {
  it('is refused by CloudFormation, because the workflows import the registry by the number of its format', () => {
    const exported = Object.values(store.findOutputs('*')).map(({ Export }) => Export?.Name);
    const names = variables.filter(([name]) => name === 'TABLE_NAME').map(([, value]) => value);
    const name = `tidemark-dev-registry-of-format-${storeFormat}`;

    expect(exported).toContain(name);
    expect(names.length).toBeGreaterThan(30);
    for (const value of names) expect(value).toEqual({ 'Fn::ImportValue': name });
  });
});

describe('when the store’s stack is made again', () => {
  it.each([
    ['AWS::SNS::Topic', 'TopicName'],
    ['AWS::SQS::Queue', 'QueueName'],
    ['AWS::Scheduler::ScheduleGroup', 'Name'],
    ['AWS::IAM::Role', 'RoleName'],
  ])(
    'each %s has the name that models, alarms and schedules know, and none is in its way',
    (type, property) => {
      const found = Object.values(store.findResources(type));

      expect(found.length).toBeGreaterThan(0);
      for (const resource of found) {
        expect(resource.Properties[property]).toBeDefined();
        // What is kept under a name that stays could not be made again.
        expect(resource.DeletionPolicy ?? 'Delete').toBe('Delete');
      }
    },
  );
});
