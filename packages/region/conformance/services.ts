/** What is compared, as the report names it. */
export const services = [
  's3',
  'dynamodb',
  'sqs',
  'events',
  'states',
  'scheduler',
  'cloudwatch',
  'firehose',
  'sts',
] as const;
export type ServiceName = (typeof services)[number];
