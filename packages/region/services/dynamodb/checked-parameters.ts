import type { Store } from 'dynalite/db/index.js';
import batchGetItem from 'dynalite/validations/batchGetItem.js';
import batchWriteItem from 'dynalite/validations/batchWriteItem.js';
import createTable from 'dynalite/validations/createTable.js';
import deleteItem from 'dynalite/validations/deleteItem.js';
import deleteTable from 'dynalite/validations/deleteTable.js';
import describeTable from 'dynalite/validations/describeTable.js';
import getItem from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTables from 'dynalite/validations/listTables.js';
import putItem from 'dynalite/validations/putItem.js';
import query from 'dynalite/validations/query.js';
import scan from 'dynalite/validations/scan.js';
import updateItem from 'dynalite/validations/updateItem.js';
import * as z from 'zod';
import { AwsError, unsupported } from '../../aws-error.ts';
import { awsErrorOf } from './engine.ts';
import { assertExpressionLimits, assertOperands, assertSegments, assertSelect } from './expression-limits.ts';
import { operationsOf } from './operations-of.ts';
import { inSafeOrder } from './update-order.ts';

const rules = {
  BatchGetItem: batchGetItem,
  BatchWriteItem: batchWriteItem,
  CreateTable: createTable,
  DeleteItem: deleteItem,
  DeleteTable: deleteTable,
  DescribeTable: describeTable,
  GetItem: getItem,
  ListTables: listTables,
  PutItem: putItem,
  Query: query,
  Scan: scan,
  UpdateItem: updateItem,
};
export type ValidatedOperation = keyof typeof rules;

/** The parameters that expressions replaced in 2014. Two ways to say one thing is one too many for a laptop. */
const legacyParameters = new Set([
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
]);

/**
 * Checks an operation's input by dynalite's rules and parses its expressions.
 * dynalite drops parameters it does not know; here they are refused, so that none is ignored in silence.
 * @throws AwsError as DynamoDB words it, or `NotImplemented`
 */
export function checkedParameters(
  store: Store,
  operation: ValidatedOperation,
  input: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { types, custom } = rules[operation];
  refuseUnknown(
    operation,
    input,
    Object.keys(types).filter((name) => !legacyParameters.has(name)),
  );
  if (String(input.TableName ?? '').startsWith('arn:'))
    throw unsupported(`dynamodb:${operation} with a table's ARN for its name`);
  try {
    const checked = validations.checkTypes({ ...input }, types);
    validations.checkValidations(checked, types, custom, store);
    assertExpressionLimits(input);
    for (const [name, parsed] of [
      ['ConditionExpression', checked._condition],
      ['FilterExpression', checked._filter],
    ] as const) {
      refuseDocumentComparison(operation, parsed);
      assertOperands(name, parsed);
    }
    if (operation === 'Query' || operation === 'Scan') assertSelect(operation, input);
    if (operation === 'Scan') assertSegments(input);
    if (operation === 'DeleteItem') assertReturnValuesOfDelete(input.ReturnValues);
    return orderedUpdates(checked);
  } catch (error) {
    throw awsErrorOf(error);
  }
}

const updatesSchema = z.looseObject({ sections: z.unknown() });

function orderedUpdates(checked: Record<string, unknown>): Record<string, unknown> {
  const updates = updatesSchema.safeParse(checked._updates);
  if (!updates.success) return checked;
  return { ...checked, _updates: { ...updates.data, sections: inSafeOrder(updates.data.sections) } };
}

/** A deletion has no new values to return. */
function assertReturnValuesOfDelete(returnValues: unknown): void {
  if (returnValues === undefined || returnValues === 'NONE' || returnValues === 'ALL_OLD') return;
  throw new AwsError('ValidationException', 'Return values set to invalid value');
}

/** Throws for a parameter outside `known`. */
export function refuseUnknown(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown !== undefined) throw unsupported(`dynamodb:${operation} with the parameter ${unknown}`);
}

const documentSchema = z.union([z.object({ M: z.unknown() }), z.object({ L: z.unknown() })]);

/** dynalite compares maps and lists by identity, which is never equal, where DynamoDB compares their content. */
function refuseDocumentComparison(operation: string, condition: unknown): void {
  for (const { type, args } of operationsOf(condition)) {
    if (!['=', '<>', 'in'].includes(type)) continue;
    if (args.some((argument) => documentSchema.safeParse(argument).success))
      throw unsupported(`dynamodb:${operation} comparing a map or a list with '${type}'`);
  }
}
