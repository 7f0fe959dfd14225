import { Alarms } from './alarms.client.ts';
import type { Context } from './context.ts';
import type { DeploymentConfig } from './deployment-config.schema.ts';
import { instanceCount } from './deployment-rules.ts';
import type { FleetSpec, VariantStatus } from './endpoint-record.schema.ts';
import type { Fleet } from './fleet.ts';
import { deploymentDetail, emitStateChange } from './state-change-event.ts';
import { planTraffic } from './traffic-plan.ts';

/** An update must go back. Its message is for the endpoint's `FailureReason`. */
export class DeploymentRefusedError extends Error {
  override readonly name = 'DeploymentRefusedError';
}

interface DeploymentHost {
  /** Aborted when the region closes. */
  readonly signal: AbortSignal;
  /** Sends a percentage of the traffic to the new fleet. */
  readonly route: (share: number) => void;
}

/** SageMaker's limit on an update that names none: 8 hours. */
const LONGEST_UPDATE_SECONDS = 28_800;

/** Between two looks at the alarms, in seconds of the clock. */
const WATCH_INTERVAL_SECONDS = 10;

/** One blue/green update: a new fleet, traffic by steps, alarms watched after each. */
export class EndpointUpdate {
  readonly #context: Context;
  readonly #endpointName: string;
  readonly #host: DeploymentHost;

  constructor(context: Context, endpointName: string, host: DeploymentHost) {
    this.#context = context;
    this.#endpointName = endpointName;
    this.#host = host;
  }

  /** Resolves when the new fleet has all traffic and no alarm objects; throws why it must go back. */
  async run(fleet: Fleet, config: DeploymentConfig | undefined): Promise<void> {
    const { clock } = this.#context;
    const limit = config?.BlueGreenUpdatePolicy?.MaximumExecutionTimeoutInSeconds ?? LONGEST_UPDATE_SECONDS;
    const deadline = clock.now() + limit * 1000;
    const alarms = this.#alarmsOf(fleet.spec);
    const names = (config?.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
    const instances = instanceCount(fleet.spec);
    try {
      await this.#tell('Creating', `Launching ${instances} instance(s).`);
      await fleet.ready();
      for (const { share, bakeSeconds } of planTraffic(config, instances)) {
        this.#host.route(share);
        await this.#tell('ActivatingTraffic', `Activating traffic on ${share} % of the capacity.`, share);
        await this.#tell(
          'Baking',
          `Baking for ${bakeSeconds} seconds with ${share} % of the traffic.`,
          share,
        );
        await this.#bake(alarms, names, bakeSeconds, deadline);
      }
    } finally {
      alarms.close();
    }
  }

  async #bake(
    alarms: Alarms,
    names: readonly string[],
    bakeSeconds: number,
    deadline: number,
  ): Promise<void> {
    const { clock } = this.#context;
    const end = clock.now() + clock.waitMilliseconds(bakeSeconds);
    for (;;) {
      const objection = await alarms.objection(names);
      if (objection) throw new DeploymentRefusedError(`The update was rolled back: ${objection}.`);
      if (clock.now() >= end) return;
      if (clock.now() >= deadline) {
        throw new DeploymentRefusedError('The update was rolled back: it took longer than it may.');
      }
      const next = clock.now() + clock.waitMilliseconds(WATCH_INTERVAL_SECONDS);
      await clock.until(Math.min(next, end), this.#host.signal);
    }
  }

  /** SageMaker looks at alarms as the role of the model that it brings in. */
  #alarmsOf({ variants }: FleetSpec): Alarms {
    const { endpoint, region, roles } = this.#context;
    const credentials = roles.credentialsFor(variants[0]?.roleArn ?? '');
    return new Alarms({ endpoint: endpoint(), region, credentials });
  }

  async #tell(status: VariantStatus['status'], message: string, share = 0): Promise<void> {
    const variantStatus = { status, message, started: this.#context.clock.now() };
    const changed = await this.#context.tables.endpoints.update(this.#endpointName, (endpoint) => ({
      ...endpoint,
      ...(endpoint.pending && { pending: { ...endpoint.pending, share, variantStatus } }),
    }));
    if (!changed) return;
    const detail = deploymentDetail(changed, variantStatus);
    await emitStateChange(this.#context, 'Endpoint Deployment', changed.arn, detail);
  }
}
