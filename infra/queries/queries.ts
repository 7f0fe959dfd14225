/** A query for CloudWatch Logs Insights, by the name under which the console has it. */
export interface SavedQuery {
  readonly name: string;
  readonly query: readonly string[];
}

/**
 * What operators ask the functions' logs. Fields are those of `domain/invocations/invocation-line.schema.ts`; names with an `@` are
 * CloudWatch's own. Words in capitals are to be replaced.
 */
export const savedQueries: readonly SavedQuery[] = [
  {
    name: 'Failed invocations',
    query: [
      'fields @timestamp, function, code, errorName, model, executionArn, requestId',
      'filter outcome = "failed"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'Failures by error',
    query: [
      'filter outcome = "failed"',
      'stats count(*) as failures, latest(@timestamp) as last by function, errorName, code, codeVersion',
      'sort failures desc',
    ],
  },
  {
    name: 'One execution',
    query: [
      'fields @timestamp, function, outcome, code, message, errorName, milliseconds, requestId',
      'filter executionArn = "EXECUTION_ARN"',
      'sort @timestamp asc',
      'limit 1000',
    ],
  },
  {
    name: 'One model',
    query: [
      'fields @timestamp, function, outcome, code, message, errorName, version, datasetId, runId, windowId, executionArn',
      'filter model = "MODEL"',
      'sort @timestamp desc',
      'limit 1000',
    ],
  },
  {
    name: 'Refusals',
    query: [
      'fields @timestamp, function, code, message, model, objectKey, executionArn',
      'filter outcome = "refused"',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'Duration by function',
    query: [
      'filter ispresent(outcome)',
      'stats count(*) as invocations, pct(milliseconds, 50) as median, pct(milliseconds, 99) as p99, max(milliseconds) as longest by function',
      'sort longest desc',
    ],
  },
  {
    name: 'Outcomes by hour',
    query: [
      'filter ispresent(outcome)',
      'stats count(*) as invocations by bin(1h) as hour, capability, outcome',
      'sort hour desc',
    ],
  },
  {
    name: 'Ended by Lambda',
    query: [
      // Such an invocation has no line of ours: its process was ended.
      'fields @timestamp, @message, @log',
      'filter @message like /Task timed out|Runtime\\.ExitError|Status: (timeout|error)/',
      'sort @timestamp desc',
      'limit 200',
    ],
  },
  {
    name: 'Memory and cold starts',
    query: [
      'filter @type = "REPORT"',
      'stats max(@maxMemoryUsed) / 1000000 as usedMegabytes, max(@memorySize) / 1000000 as megabytes, count(@initDuration) as coldStarts, max(@initDuration) as longestInit by @log',
      'sort usedMegabytes desc',
    ],
  },
];

/** As CloudWatch takes it, a command per line. */
export function queryText({ query }: SavedQuery): string {
  return query.join('\n| ');
}
