import type { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { deployGoal, formerConfiguration } from './deploy-goal.ts';
import {
  type Deployment,
  type DeploymentOrder,
  type Goal,
  noProgress,
  type Progress,
} from './deployment.schema.ts';
import type { DeploymentFacts, Deployments } from './deployments.client.ts';
import { type EndpointPlan, type HostingSettings, planEndpoint } from './endpoint-plan.ts';

/** A deployment that is on record as begun, and what the walk towards its goal starts with. */
export interface Beginning {
  readonly plan: EndpointPlan;
  readonly walk: {
    deployment: Deployment;
    goal: Goal;
    progress: Progress;
    alarmNames: string[];
  };
}

/** Plans deployments and puts on record that they have begun. */
export class Beginnings {
  readonly #deployments: Deployments;
  readonly #endpoints: Endpoints;
  readonly #settings: HostingSettings;

  constructor(deployments: Deployments, endpoints: Endpoints, settings: HostingSettings) {
    this.#deployments = deployments;
    this.#endpoints = endpoints;
    this.#settings = settings;
  }

  /** Safe to repeat: what the endpoint had before the deployment is told apart from what the deployment gave it. */
  async begin(
    order: DeploymentOrder,
    facts: DeploymentFacts,
    { causeId, leaseOwner }: Pick<Deployment, 'causeId' | 'leaseOwner'>,
  ): Promise<Beginning> {
    const { model, version, status } = facts.version;
    const plan = planEndpoint(facts.version, this.#settings);
    const endpoint = await this.#endpoints.describe(plan.endpointName);
    await this.#deployments.begin(facts, leaseOwner, new Date());
    const deployment = {
      model,
      version,
      causeId,
      leaseOwner,
      expectedLiveVersion: facts.model.liveVersion,
      endpointName: plan.endpointName,
      before: formerConfiguration(endpoint, plan, status === 'deploying'),
    };
    return {
      plan,
      walk: {
        deployment,
        goal: deployGoal(plan, version, order.replaceEndpoint),
        progress: noProgress,
        alarmNames: plan.alarms.flatMap(({ AlarmName }) => AlarmName ?? []),
      },
    };
  }
}
