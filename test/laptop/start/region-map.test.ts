import type { DeployedResource } from '@tidemark/region';
import { describe, expect, it } from 'vitest';
import { functionLabels, machinesOf } from '../../../laptop/start/region-map.ts';

const resource = (type: string, physicalId: string, path?: string): DeployedResource => ({
  stackName: 'tidemark-dev-workflows',
  logicalId: 'Id',
  type,
  physicalId,
  attributes: {},
  path,
});

const resources = [
  resource(
    'AWS::StepFunctions::StateMachine',
    'arn:train',
    'tidemark-dev-workflows/Train/Workflow/Machine/Resource',
  ),
  resource(
    'AWS::Lambda::Function',
    'stack-fn-1',
    'tidemark-dev-workflows/Deploy/ProveEndpoint/Function/Resource',
  ),
  resource('AWS::Lambda::Function', 'stack-fn-2'),
];

describe('machinesOf', () => {
  it('names each machine’s capability', () => {
    expect(machinesOf(resources)).toEqual([{ arn: 'arn:train', capability: 'train' }]);
  });
});

describe('functionLabels', () => {
  it.each([
    ['stack-fn-1', 'prove-endpoint'],
    ['arn:aws:lambda:eu-west-1:000000000000:function:stack-fn-1', 'prove-endpoint'],
    ['stack-fn-2', 'stack-fn-2'],
    ['somebody-elses', 'somebody-elses'],
  ])('calls %s %s', (name, label) => {
    expect(functionLabels(resources)(name)).toBe(label);
  });
});
