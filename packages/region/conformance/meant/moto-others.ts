import type { MeantDifference } from '../meant-difference.ts';
import { meantFor, recorded } from './meant.ts';

const sqsApi = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';
const schedulerApi = 'https://docs.aws.amazon.com/scheduler/latest/APIReference';
const cloudWatchApi = 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference';
const sqs = meantFor('moto', 'sqs');
const scheduler = meantFor('moto', 'scheduler');
const cloudwatch = meantFor('moto', 'cloudwatch');
const sts = meantFor('moto', 'sts');

export const motoOthers: readonly MeantDifference[] = [
  sqs(
    /^queues: CreateQueue with (too long a timeout|a timeout of x)/,
    /outcome/,
    2,
    'ours',
    'moto does not check values, or crashes',
    `${sqsApi}/API_CreateQueue.html`,
  ),
  sqs(
    /^queues: CreateQueue with an attribute of none/,
    /outcome/,
    1,
    'neither',
    'what is not served is refused by name; AWS calls it InvalidAttributeName',
    `${sqsApi}/API_CreateQueue.html`,
  ),
  sqs(
    /^(queues: CreateQueue without a name|refusals: SendMessage with no type)/,
    /outcome/,
    2,
    'unknown',
    'here a parameter without a value is missing, as an empty body is',
    recorded('test_send_empty_message'),
  ),
  sqs(
    /^refusals: (SendMessage|ReceiveMessage)/,
    /outcome/,
    13,
    'ours',
    'moto sends what SQS refuses',
    `${sqsApi}/API_SendMessage.html; ${recorded('test_send_empty_message', 'test_send_message_with_empty_string_attribute', 'test_send_message_with_invalid_payload_characters')}`,
  ),
  scheduler(
    /^schedules: CreateSchedule in a time zone of none/,
    /outcome/,
    1,
    'neither',
    'only UTC is served, and every other time zone refused by name',
    `${schedulerApi}/API_CreateSchedule.html`,
  ),
  scheduler(
    /^(schedules|groups): (Create|Delete)/,
    /outcome/,
    22,
    'ours',
    'moto does not check expressions, names, windows, dates and groups, or crashes, and a conflict is 409',
    `${schedulerApi}/API_CreateSchedule.html`,
  ),
  scheduler(
    /(Get|List)Schedules?/,
    /ActionAfterCompletion|State|Schedules(\[\]\.State)?/,
    4,
    'ours',
    'a schedule has its defaults; moto has schedules that it should have refused',
    `${schedulerApi}/API_GetSchedule.html`,
  ),
  scheduler(
    /ListScheduleGroups/,
    /ScheduleGroups\[\]\.(Creation|LastModification)Date/,
    1,
    'ours',
    'moto leaves them out',
    `${schedulerApi}/API_ScheduleGroupSummary.html`,
  ),
  cloudwatch(
    /DescribeAlarms/,
    /MetricAlarms(\[\]\.(StateValue|TreatMissingData|StateTransitionedTimestamp|StateReasonData|Metrics|StateUpdatedTimestamp|StateReason))?/,
    5,
    'ours',
    'an alarm begins as INSUFFICIENT_DATA, and moto has alarms that it should have refused or kept',
    `${cloudWatchApi}/API_PutMetricAlarm.html`,
  ),
  cloudwatch(
    /PutMetricAlarm/,
    /outcome/,
    6,
    'ours',
    'moto does not check alarms',
    `${cloudWatchApi}/API_PutMetricAlarm.html`,
  ),
  cloudwatch(
    /DeleteAlarms of (none|one and none)/,
    /outcome/,
    2,
    'ours',
    'nothing is deleted if one is missing',
    `${cloudWatchApi}/API_DeleteAlarms.html`,
  ),
  cloudwatch(
    /PutMetricData (without a value|of nothing)/,
    /outcome/,
    2,
    'ours',
    'moto takes data without a value',
    `${cloudWatchApi}/API_PutMetricData.html`,
  ),
  cloudwatch(
    /GetMetricStatistics/,
    /outcome|Datapoints(\[\]\.Unit)?/,
    4,
    'ours',
    'data without a unit has the unit None, a period without data no datapoint, and 7 seconds are not a period',
    `${cloudWatchApi}/API_GetMetricStatistics.html`,
  ),
  cloudwatch(
    /GetMetricData/,
    /outcome|Messages|MetricDataResults\[\]\.(Label|Timestamps|Values)/,
    7,
    'ours',
    'the label is the metric’s name, a period without data has no value, and moto crashes on percentiles',
    recorded('test_cloudwatch.py'),
  ),
  sts(
    /GetCallerIdentity/,
    /Arn/,
    1,
    'neither',
    'each has a developer of its own',
    'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
  ),
];
