import type { UnplacedFinding } from '../definition-finding.ts';
import type { DefinitionRule } from './definition-rule.ts';

/** All serverless endpoints of an account share one quota, and SageMaker refuses an endpoint beyond it. */
export const concurrencyFitsLimit: DefinitionRule = ({ definition: { deployment }, limits }) => {
  if (deployment.kind !== 'serverless') return [];
  const { maxConcurrency } = deployment;
  if (maxConcurrency <= limits.serverlessMaxConcurrency) return [];
  return [
    {
      path: ['deployment', 'maxConcurrency'],
      what: `\`deployment.maxConcurrency\` is ${maxConcurrency}; this installation of Tidemark allows ${limits.serverlessMaxConcurrency}, because new accounts have little (Service Quotas L-96300102).`,
      remedy: `Write ${limits.serverlessMaxConcurrency} or less, or have the quota and \`limits.serverlessMaxConcurrency\` in cdk.json raised.`,
    },
  ];
};

/** Steps that are never taken would be ignored. */
export const stepsApply: DefinitionRule = ({ definition: { deployment }, has }) => {
  const path = ['deployment', 'stepPercent'];
  if (deployment.kind !== 'instance' || deployment.traffic !== 'all-at-once' || !has(path)) return [];
  const finding: UnplacedFinding = {
    path,
    atName: true,
    what: '`deployment.stepPercent` has no effect when traffic moves all at once.',
    remedy:
      'Remove the line, or write `traffic: canary` or `traffic: linear` (both need two instances or more).',
  };
  return [finding];
};
