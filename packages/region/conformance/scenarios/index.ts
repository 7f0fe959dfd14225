import type { Scenario } from '../scenario.ts';
import { cloudWatchScenarios } from './cloudwatch.ts';
import { dynamoDbItems } from './dynamodb-items.ts';
import { dynamoDbReads } from './dynamodb-reads.ts';
import { dynamoDbTables } from './dynamodb-tables.ts';
import { dynamoDbTransactions } from './dynamodb-transactions.ts';
import { eventsScenarios } from './events.ts';
import { otherScenarios } from './firehose-and-sts.ts';
import { s3Listing } from './s3-listing.ts';
import { s3Multipart } from './s3-multipart.ts';
import { s3Objects } from './s3-objects.ts';
import { s3Versions } from './s3-versions.ts';
import { schedulerScenarios } from './scheduler.ts';
import { sqsScenarios } from './sqs.ts';
import { statesScenarios } from './states.ts';
import { machineScenarios } from './states-machines.ts';

export const scenarios: readonly Scenario[] = [
  ...s3Objects,
  ...s3Listing,
  ...s3Versions,
  ...s3Multipart,
  ...dynamoDbTables,
  ...dynamoDbItems,
  ...dynamoDbReads,
  ...dynamoDbTransactions,
  ...sqsScenarios,
  ...eventsScenarios,
  ...statesScenarios,
  ...machineScenarios,
  ...schedulerScenarios,
  ...cloudWatchScenarios,
  ...otherScenarios,
];
