import { AwsError } from '../../aws-error.ts';
import { operationsOf } from './operations-of.ts';

/** DynamoDB's quotas for expressions (developer guide, Quotas). */
const largestExpressionBytes = 4096;
const mostOperandsOfIn = 100;

const expressions = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

const invalid = (message: string) => new AwsError('ValidationException', message);

/** @throws AwsError for an expression that dynalite would evaluate and DynamoDB does not */
export function assertExpressionLimits(input: Readonly<Record<string, unknown>>): void {
  for (const name of expressions) {
    const size = Buffer.byteLength(String(input[name] ?? ''));
    if (size <= largestExpressionBytes) continue;
    throw invalid(
      `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${size}`,
    );
  }
}

/** @param parsed what dynalite makes of a condition or a filter */
export function assertOperands(name: string, parsed: unknown): void {
  for (const { type, args } of operationsOf(parsed)) {
    // The first argument is what is looked for.
    if (type !== 'in' || args.length - 1 <= mostOperandsOfIn) continue;
    throw invalid(
      `Invalid ${name}: The IN operator is provided with too many operands; number of operands: ${args.length - 1}`,
    );
  }
}

/** What `Select` asks for must agree with the projection and the index (moto 0af643a, `test_dynamodb_select.py`, verified on AWS). */
export function assertSelect(
  operation: 'Query' | 'Scan',
  { Select, ProjectionExpression, IndexName }: Readonly<Record<string, unknown>>,
): void {
  if (Select === undefined) return;
  if (Select === 'SPECIFIC_ATTRIBUTES') {
    if (ProjectionExpression !== undefined) return;
    throw invalid(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (ProjectionExpression !== undefined) {
    const chosen = Select === 'COUNT' ? 'only the Count' : String(Select);
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${chosen}`);
  }
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined) {
    const verb = operation === 'Query' ? 'Querying' : 'Scanning';
    throw invalid(`ALL_PROJECTED_ATTRIBUTES can be used only when ${verb} using an IndexName`);
  }
}

/** dynalite takes the first segment for none. */
export function assertSegments({ Segment, TotalSegments }: Readonly<Record<string, unknown>>): void {
  if (Segment !== undefined && TotalSegments === undefined)
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
}
