import type { Definition } from '@tidemark/domain/definition/definition.schema.ts';
import type { UnplacedFinding } from '@tidemark/domain/definition/definition-finding.ts';
import { isRetired } from '@tidemark/domain/registry/retired-model.ts';

/** Quotas of the account that the endpoints of all models share, as `cdk.json` says them. An instance type without one is not counted against any. */
export interface FleetLimits {
  readonly serverlessEndpoints: number;
  readonly serverlessMaxConcurrency: number;
  /** Instances of endpoints, by type. */
  readonly instances: Readonly<Record<string, number>>;
}

/** So many of each thing that a quota limits, by its name in the registry's item. */
export type FleetUse = Readonly<Record<string, number>>;

const instancesPrefix = 'instances ';

/** What the endpoint of a model needs. One that is retired has none. */
export function useOf(definition: Definition | undefined): FleetUse {
  if (definition === undefined || isRetired({ definition })) return {};
  const { deployment } = definition;
  if (deployment.kind === 'instance')
    return { [`${instancesPrefix}${deployment.instance}`]: deployment.count };
  return { serverlessEndpoints: 1, serverlessConcurrency: deployment.maxConcurrency };
}

/** How the use changes when a definition takes the place of another; what does not change is left out. */
export function changeOfUse(before: FleetUse, after: FleetUse): FleetUse {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(
    names
      .map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)] as const)
      .filter(([, change]) => change !== 0),
  );
}

/** What may be used at most; `undefined`: as much as anybody likes. */
export function limitOf(name: string, limits: FleetLimits): number | undefined {
  if (name === 'serverlessEndpoints') return limits.serverlessEndpoints;
  if (name === 'serverlessConcurrency') return limits.serverlessMaxConcurrency;
  return limits.instances[name.slice(instancesPrefix.length)];
}

/** Why a definition cannot be taken, where the others' use leaves too little for it. Nothing, if there is enough by now. */
export function fleetFindings(used: FleetUse, change: FleetUse, limits: FleetLimits): UnplacedFinding[] {
  return Object.entries(change).flatMap(([name, more]) => {
    const [limit, inUse] = [limitOf(name, limits), used[name] ?? 0];
    if (more <= 0 || limit === undefined || inUse + more <= limit) return [];
    return [finding(name, { more, inUse, limit })];
  });
}

interface Shortage {
  /** What is needed besides what is in use. */
  readonly more: number;
  readonly inUse: number;
  readonly limit: number;
}

function finding(name: string, { more, inUse, limit }: Shortage): UnplacedFinding {
  const left = Math.max(0, limit - inUse);
  if (name === 'serverlessEndpoints') {
    return {
      path: ['deployment'],
      what: `The model needs a serverless endpoint, and the models of this installation have ${inUse} of ${limit} (\`limits.serverlessEndpoints\` in cdk.json; SageMaker's quota of serverless endpoints of an account in a region).`,
      remedy: `Retire a model that is no longer needed, write \`deployment: { kind: instance }\`, or ${raised('serverlessEndpoints')}.`,
    };
  }
  if (name === 'serverlessConcurrency') {
    return {
      path: ['deployment', 'maxConcurrency'],
      what: `The model needs ${more} concurrent serverless requests more, and the models of this installation have ${inUse} of ${limit} (\`limits.serverlessMaxConcurrency\` in cdk.json; Service Quotas L-96300102, of which new accounts have 10).`,
      remedy: `${left > 0 ? `Lower \`deployment.maxConcurrency\` by ${more - left} or more` : 'Lower `deployment.maxConcurrency` of another model'}, retire a model that is no longer needed, or ${raised('serverlessMaxConcurrency')}.`,
    };
  }
  const type = name.slice(instancesPrefix.length);
  return {
    path: ['deployment', 'count'],
    what: `The model needs ${more} ${type} more for its endpoint, and the models of this installation have ${inUse} of ${limit} (\`limits.instances\` in cdk.json; Service Quotas, ${type} for endpoint usage).`,
    remedy: `Choose another \`deployment.instance\`, retire a model that is no longer needed, or ${raised(`instances.${type}`)}.`,
  };
}

function raised(setting: string): string {
  return `have the quota raised, and \`limits.${setting}\` with it`;
}
