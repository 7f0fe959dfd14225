import {
  type Input,
  objectIn,
  objectsIn,
  onEverything,
  optionalText,
  type Permissions,
  passRole,
  textOf,
  textsIn,
} from '../../gateway/permissions.ts';
import type { AccessRequest, ConditionContext, Place } from '../../iam/access-request.ts';
import { arnOf, type ResourceKind } from './context.ts';

const on =
  (operation: string, kind: ResourceKind, member: string): Permissions =>
  (input, place) => [
    { action: `sagemaker:${operation}`, resource: arnOf(place, kind, textOf(input, member)) },
  ];

/** An endpoint is made or changed from a configuration: the action must be allowed on both. */
const onEndpointAndConfig =
  (operation: string): Permissions =>
  (input, place) => [
    ...on(operation, 'endpoint', 'EndpointName')(input, place),
    ...on(operation, 'endpoint-config', 'EndpointConfigName')(input, place),
  ];

/** Creating something with tags is adding them, too. */
const withTags =
  (create: Permissions): Permissions =>
  (input, place) => {
    const context = tagContext(input);
    const [created, ...others] = create(input, place);
    if (created === undefined || Object.keys(context).length === 0) return create(input, place);
    return [
      { ...created, context: { ...created.context, ...context } },
      { action: 'sagemaker:AddTags', resource: created.resource, context },
      ...others,
    ];
  };

function tagContext(input: Input): ConditionContext {
  const tags = objectsIn(input, 'Tags');
  if (tags.length === 0) return {};
  const names = tags.map((tag) => textOf(tag, 'Key'));
  return {
    'aws:tagkeys': names,
    ...Object.fromEntries(
      tags.map((tag) => [`aws:requesttag/${textOf(tag, 'Key').toLowerCase()}`, textOf(tag, 'Value')]),
    ),
  };
}

/** The role that a job or a model runs as is handed to SageMaker. */
const withRole =
  (create: Permissions, member: 'RoleArn' | 'ExecutionRoleArn'): Permissions =>
  (input, place) => [...create(input, place), passRole(textOf(input, member), 'sagemaker.amazonaws.com')];

/** A call that says nothing of isolation has no such key: AWS's documentation does not tell, and a policy must hold either way. */
const withIsolation =
  (create: Permissions): Permissions =>
  (input, place) => {
    const isolated = input.EnableNetworkIsolation;
    if (typeof isolated !== 'boolean') return create(input, place);
    return create(input, place).map((request) => ({
      ...request,
      context: { ...request.context, 'sagemaker:networkisolation': String(isolated) },
    }));
  };

/** SageMaker lets its instances use a volume's key by a grant that it makes as the caller. */
const withVolumeKey =
  (create: Permissions, keyOf: (input: Input) => string | undefined): Permissions =>
  (input, place) => {
    const key = keyOf(input);
    if (key === undefined) return create(input, place);
    const resource = key.startsWith('arn:')
      ? key
      : `arn:aws:kms:${place.region}:${place.accountId}:key/${key}`;
    const context = {
      'kms:viaservice': `sagemaker.${place.region}.amazonaws.com`,
      'kms:calleraccount': place.accountId,
    };
    return [
      ...create(input, place),
      { action: 'kms:DescribeKey', resource, context },
      {
        action: 'kms:CreateGrant',
        resource,
        context: { ...context, 'kms:grantisforawsresource': 'true' },
      },
    ];
  };

const volumeKeyIn = (member: 'ResourceConfig' | 'TransformResources') => (input: Input) =>
  optionalText(objectIn(input, member), 'VolumeKmsKeyId');

const onArn =
  (operation: string, context: (input: Input) => ConditionContext = () => ({})): Permissions =>
  (input) => [
    {
      action: `sagemaker:${operation}`,
      resource: textOf(input, 'ResourceArn'),
      context: context(input),
    },
  ];

/** By the Service Authorization Reference of SageMaker. */
export const sagemakerPermissions = {
  AddTags: onArn('AddTags', tagContext),
  CreateEndpoint: withTags(onEndpointAndConfig('CreateEndpoint')),
  CreateEndpointConfig: withVolumeKey(
    withTags(on('CreateEndpointConfig', 'endpoint-config', 'EndpointConfigName')),
    (input) => optionalText(input, 'KmsKeyId'),
  ),
  CreateModel: withTags(withRole(withIsolation(on('CreateModel', 'model', 'ModelName')), 'ExecutionRoleArn')),
  CreateTrainingJob: withVolumeKey(
    withTags(withRole(withIsolation(on('CreateTrainingJob', 'training-job', 'TrainingJobName')), 'RoleArn')),
    volumeKeyIn('ResourceConfig'),
  ),
  CreateTransformJob: withVolumeKey(
    withTags(on('CreateTransformJob', 'transform-job', 'TransformJobName')),
    volumeKeyIn('TransformResources'),
  ),
  DeleteEndpoint: on('DeleteEndpoint', 'endpoint', 'EndpointName'),
  DeleteEndpointConfig: on('DeleteEndpointConfig', 'endpoint-config', 'EndpointConfigName'),
  DeleteModel: on('DeleteModel', 'model', 'ModelName'),
  DeleteTags: onArn('DeleteTags', (input) => ({ 'aws:tagkeys': textsIn(input, 'TagKeys') })),
  DescribeEndpoint: on('DescribeEndpoint', 'endpoint', 'EndpointName'),
  DescribeEndpointConfig: on('DescribeEndpointConfig', 'endpoint-config', 'EndpointConfigName'),
  DescribeModel: on('DescribeModel', 'model', 'ModelName'),
  DescribeTrainingJob: on('DescribeTrainingJob', 'training-job', 'TrainingJobName'),
  DescribeTransformJob: on('DescribeTransformJob', 'transform-job', 'TransformJobName'),
  ListEndpoints: onEverything('sagemaker:ListEndpoints'),
  ListTags: onArn('ListTags'),
  ListTrainingJobs: onEverything('sagemaker:ListTrainingJobs'),
  StopTrainingJob: on('StopTrainingJob', 'training-job', 'TrainingJobName'),
  StopTransformJob: on('StopTransformJob', 'transform-job', 'TransformJobName'),
  UpdateEndpoint: onEndpointAndConfig('UpdateEndpoint'),
} satisfies Record<string, Permissions>;

/** `InvokeEndpoint` */
export const invokeEndpointRequest = (endpointName: string, place: Place): AccessRequest => ({
  action: 'sagemaker:InvokeEndpoint',
  resource: arnOf(place, 'endpoint', endpointName),
});
