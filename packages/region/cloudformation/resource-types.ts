import type { ResourceType } from './resource-type.ts';
import { apiGatewayV2Api } from './resources/apigatewayv2-api.ts';
import { apiGatewayV2Authorizer } from './resources/apigatewayv2-authorizer.ts';
import { apiGatewayV2Integration } from './resources/apigatewayv2-integration.ts';
import { apiGatewayV2Route } from './resources/apigatewayv2-route.ts';
import { apiGatewayV2Stage } from './resources/apigatewayv2-stage.ts';
import { cloudWatchAlarm } from './resources/cloudwatch-alarm.ts';
import { dynamoDbTable } from './resources/dynamodb-table.ts';
import { eventsEventBus } from './resources/events-event-bus.ts';
import { eventsRule } from './resources/events-rule.ts';
import { iamManagedPolicy } from './resources/iam-managed-policy.ts';
import { iamPolicy } from './resources/iam-policy.ts';
import { iamRole } from './resources/iam-role.ts';
import { kinesisFirehoseDeliveryStream } from './resources/kinesisfirehose-delivery-stream.ts';
import { kmsKey } from './resources/kms-key.ts';
import { lambdaFunction } from './resources/lambda-function.ts';
import { lambdaLayerVersion } from './resources/lambda-layer-version.ts';
import { lambdaPermission } from './resources/lambda-permission.ts';
import { lambdaVersion } from './resources/lambda-version.ts';
import { logsLogGroup } from './resources/logs-log-group.ts';
import { logsLogStream } from './resources/logs-log-stream.ts';
import { logsQueryDefinition } from './resources/logs-query-definition.ts';
import { s3Bucket } from './resources/s3-bucket.ts';
import { s3BucketPolicy } from './resources/s3-bucket-policy.ts';
import { schedulerSchedule } from './resources/scheduler-schedule.ts';
import { schedulerScheduleGroup } from './resources/scheduler-schedule-group.ts';
import { snsSubscription } from './resources/sns-subscription.ts';
import { snsTopic } from './resources/sns-topic.ts';
import { snsTopicPolicy } from './resources/sns-topic-policy.ts';
import { sqsQueue } from './resources/sqs-queue.ts';
import { sqsQueuePolicy } from './resources/sqs-queue-policy.ts';
import { stepFunctionsStateMachine } from './resources/stepfunctions-state-machine.ts';

/** Every resource type that the local region serves, by its name in a template. */
export const resourceTypes: ReadonlyMap<string, ResourceType> = new Map(
  [
    apiGatewayV2Api,
    apiGatewayV2Authorizer,
    apiGatewayV2Integration,
    apiGatewayV2Route,
    apiGatewayV2Stage,
    cloudWatchAlarm,
    dynamoDbTable,
    eventsEventBus,
    eventsRule,
    iamManagedPolicy,
    iamPolicy,
    iamRole,
    kinesisFirehoseDeliveryStream,
    kmsKey,
    lambdaFunction,
    lambdaLayerVersion,
    lambdaPermission,
    lambdaVersion,
    logsLogGroup,
    logsLogStream,
    logsQueryDefinition,
    s3Bucket,
    s3BucketPolicy,
    schedulerSchedule,
    schedulerScheduleGroup,
    snsSubscription,
    snsTopic,
    snsTopicPolicy,
    sqsQueue,
    sqsQueuePolicy,
    stepFunctionsStateMachine,
  ].map((resourceType) => [resourceType.type, resourceType]),
);
