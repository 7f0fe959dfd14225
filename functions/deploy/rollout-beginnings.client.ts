import type { Endpoints } from '@tidemark/domain/endpoints/endpoints.client.ts';
import { deployGoal, formerConfiguration } from './deploy-goal.ts';
import { type EndpointPlan, type HostingSettings, planEndpoint } from './endpoint-plan.ts';
import {
  type Goal,
  noProgress,
  type Rollout,
  type RolloutOrder,
  type RolloutProgress,
} from './rollout.schema.ts';
import type { RolloutFacts, Rollouts } from './rollouts.client.ts';

/** A deployment that is on record as begun, and what the walk towards its goal starts with. */
export interface RolloutBeginning {
  readonly plan: EndpointPlan;
  readonly walk: {
    deployment: Rollout;
    goal: Goal;
    progress: RolloutProgress;
    alarmNames: string[];
  };
}

/** Plans deployments and puts on record that they have begun. */
export class RolloutBeginnings {
  readonly #deployments: Rollouts;
  readonly #endpoints: Endpoints;
  readonly #settings: HostingSettings;

  constructor(deployments: Rollouts, endpoints: Endpoints, settings: HostingSettings) {
    this.#deployments = deployments;
    this.#endpoints = endpoints;
    this.#settings = settings;
  }

  /** Safe to repeat: what the endpoint had before the deployment is told apart from what the deployment gave it. */
  async begin(
    order: RolloutOrder,
    facts: RolloutFacts,
    { causeId, leaseOwner }: Pick<Rollout, 'causeId' | 'leaseOwner'>,
  ): Promise<RolloutBeginning> {
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
