import { Stack } from 'aws-cdk-lib';
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { TidemarkFunction } from '../functions/tidemark-function.ts';
import { queryText, savedQueries } from './queries.ts';

/** What CloudWatch Logs Insights takes in one query (CloudWatch Logs quotas, "Log groups that can be queried"). */
const mostLogGroups = 50;

/**
 * The queries of the runbook, in CloudWatch's console under Logs Insights, Queries, `tidemark-<stage>`. They ask the log groups of all
 * functions of the stack, so it is added last.
 */
export class SavedQueries extends Construct {
  constructor(scope: Construct, id: string, stage: string) {
    super(scope, id);
    const logGroupNames = Stack.of(this)
      .node.findAll()
      .filter((construct) => construct instanceof TidemarkFunction)
      .map(({ logGroup }) => logGroup.logGroupName);
    if (logGroupNames.length > mostLogGroups) {
      throw new Error(
        `The stack has ${logGroupNames.length} functions with a log group each; a query takes at most ${mostLogGroups}.`,
      );
    }
    for (const saved of savedQueries) {
      new CfnQueryDefinition(this, saved.name.replaceAll(' ', ''), {
        name: `tidemark-${stage}/${saved.name}`,
        queryString: queryText(saved),
        logGroupNames,
      });
    }
  }
}
