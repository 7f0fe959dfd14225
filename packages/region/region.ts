import { deployAssembly } from './cloudformation/deploy-assembly.ts';
import type { DeployedResource, DeployedStack, DriftedResource } from './cloudformation/deploy-stack.ts';
import { DeploymentJournal } from './cloudformation/deployment-journal.ts';
import { resourceTypes } from './cloudformation/resource-types.ts';
import type { ImageMap } from './containers/images.ts';
import { Gateway } from './gateway/gateway.ts';
import type { Roles } from './gateway/roles.ts';
import type { AwsEvent } from './gateway/service.ts';
import type { DecisionListener } from './iam/access.ts';
import type { PolicyDocument, RoleStore } from './iam/role-store.ts';
import { cloudFormationService } from './services/cloudformation/cloudformation-service.ts';
import type { RunFunction } from './services/lambda/caller-worker.ts';
import type { Breakpoint } from './states/breakpoint.ts';
import type { RegionClock } from './virtual-time.ts';
import {
  type ComposedServices,
  composeServices,
  type RegionEvent,
  type WarmFunctions,
} from './wiring/compose-services.ts';
import { loaderServices } from './wiring/loader-services.ts';
import type { SdkConfig } from './wiring/sdk-config.ts';

export type { SdkConfig };

/** Where the region says it is. An account id that no account has. */
export const regionName = 'eu-west-1';
export const accountId = '000000000000';

/** What `cdk bootstrap` would have left in the account, whatever its qualifier; the version is that of the CDK command we pin. */
const ssmParameter = (name: string) =>
  /^\/cdk-bootstrap\/[a-z0-9]{1,10}\/version$/.test(name) ? '33' : undefined;

/** Of those that nobody takes: a region that only serves keeps no more. */
const mostKeptEvents = 10_000;

export interface LocalRegionOptions {
  /** What `cdk synth` wrote. */
  readonly assemblyDirectory: string;
  /** Where everything is kept between two starts. For one region at a time. */
  readonly stateDirectory: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** Divides waits, retry intervals and poll intervals, and multiplies virtual time; work takes the time it takes. 1 unless told. */
  readonly speed?: number;
  /** Commands in the place of container images. The built-in XGBoost needs none. */
  readonly images?: ImageMap;
  /** A folder of modules that stands for what Lambda layers hold: the same packages, built for this machine. Needed by templates with a layer. */
  readonly layerModules?: string;
  /** More of them are fewer cold starts, for 80 MB and more each. 4 processes and 160 MB unless told. */
  readonly warmFunctions?: WarmFunctions;
  /**
   * Runs functions in the caller's process in the place of one of their own: a debugger stops in them, and a test needs no cold starts. They
   * share the process's memory and environment, and a run past its timeout is not ended.
   */
  readonly runFunction?: RunFunction;
  /** How long a container may take until it answers its health check, where the request does not say. SageMaker's limits unless told. */
  readonly startupSeconds?: number;
  /** SageMaker throttles what creates or updates something beyond so many requests a second. It does not unless told. */
  readonly sagemakerCreatesPerSecond?: number;
  /** Policies that the account has, by ARN: what permissions boundaries name. A boundary that is not here limits nothing. */
  readonly accountPolicies?: Readonly<Record<string, PolicyDocument>>;
  /** Makes again what somebody has changed or deleted, as `cdk deploy --revert-drift` does. Otherwise what is in the templates as it was is left alone. */
  readonly revertDrift?: boolean;
  /** Asked before each state of each execution: holds it there, as a debugger does, or makes it fail. Stop the region to leave it there. */
  readonly breakpoint?: Breakpoint;
  /** Where issuers of tokens serve their discovery documents, by issuer: for one that is named as on AWS and runs on this machine. */
  readonly issuers?: Readonly<Record<string, string>>;
  readonly onEvent?: (event: RegionEvent) => void;
  /** Told of every event that comes to a bus, also of those that services emit. */
  readonly onPublished?: (bus: string, event: AwsEvent) => void;
  /** Told of every decision of the templates' policies. */
  readonly onDecision?: DecisionListener;
}

/**
 * An AWS region on this machine: runs the cloud assembly that `cdk deploy` ships. Everything is kept in the state
 * directory; the next start goes on with the executions, jobs, endpoints and undelivered events of this one.
 */
export class LocalRegion {
  readonly #services: ComposedServices;
  readonly #gateway: Gateway;
  readonly #stacks: readonly DeployedStack[];

  readonly #putEvents: AwsEvent[];

  private constructor(
    services: ComposedServices,
    gateway: Gateway,
    stacks: readonly DeployedStack[],
    putEvents: AwsEvent[],
  ) {
    this.#services = services;
    this.#gateway = gateway;
    this.#stacks = stacks;
    this.#putEvents = putEvents;
  }

  /**
   * @throws TemplateError when the assembly uses what is not served; the system's `EADDRINUSE` when the port is taken.
   */
  static async start(options: LocalRegionOptions): Promise<LocalRegion> {
    const place = { region: regionName, accountId };
    let gateway: Gateway | undefined;
    let stacks: readonly DeployedStack[] = [];
    const putEvents: AwsEvent[] = [];
    const services = await composeServices({
      ...place,
      ...options,
      endpoint: () => endpointOf(gateway),
      onPut(event) {
        if (putEvents.push(event) > mostKeptEvents) putEvents.shift();
      },
    });
    try {
      gateway = await Gateway.start({
        ...place,
        services: [...services.inClosingOrder, cloudFormationService(() => stacks)],
        sites: services.sites,
        roles: services.credentials,
        ...(options.port !== undefined && { port: options.port }),
        onFault: services.onFault,
      });
    } catch (error) {
      for (const service of services.inClosingOrder) await service.close?.();
      throw error;
    }
    try {
      stacks = await deployAssembly(options.assemblyDirectory, {
        ...place,
        services: loaderServices(
          services,
          sdkConfig(gateway.endpoint, services.credentials),
          options.layerModules,
        ),
        resourceTypes,
        ssmParameter,
        ...(options.revertDrift !== undefined && { revertDrift: options.revertDrift }),
        journal: DeploymentJournal.open(options.stateDirectory),
      });
      await services.resume();
      return new LocalRegion(services, gateway, stacks, putEvents);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
  }

  get endpoint(): string {
    return this.#gateway.endpoint;
  }

  get sdkConfig(): SdkConfig {
    return sdkConfig(this.endpoint, this.#services.credentials);
  }

  /** Outputs of all stacks. */
  get outputs(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#stacks.map(({ outputs }) => outputs));
  }

  get stacks(): readonly DeployedStack[] {
    return this.#stacks;
  }

  /** Resources of all stacks. */
  get resources(): readonly DeployedResource[] {
    return this.#stacks.flatMap(({ resources }) => resources);
  }

  /** What somebody has changed or deleted since a deployment made it, and this start has left so. */
  get drift(): readonly DriftedResource[] {
    return this.#stacks.flatMap(({ drift }) => drift);
  }

  /** Events that somebody has put on a bus since the last call, or the start; the last ten thousand, if there were more. */
  takePutEvents(): AwsEvent[] {
    return this.#putEvents.splice(0);
  }

  /** Roles and resource policies of the templates. */
  get roles(): RoleStore {
    return this.#services.roles;
  }

  /** Keys of those who call: the person at the laptop, and each role. */
  get credentials(): Roles {
    return this.#services.credentials;
  }

  /** Resolves when no event is on its way to a target; what waits for another attempt does not count. */
  idle(): Promise<void> {
    return this.#services.idle();
  }

  /** Virtual time: what schedules, alarms and buffers go by. Its speed can be changed while the region runs. */
  get clock(): Pick<RegionClock, 'now' | 'speed' | 'setSpeed'> {
    return this.#services.clock;
  }

  /** Leaves everything where it is and ends every process of the region. */
  async stop(): Promise<void> {
    await this.#services.pause();
    await this.#gateway.stop();
    this.#services.clock.close();
  }
}

function endpointOf(gateway: Gateway | undefined): string {
  if (!gateway) throw new Error('The region has no endpoint before its gateway listens.');
  return gateway.endpoint;
}

/** As the person at the laptop. */
function sdkConfig(endpoint: string, { developer }: Roles): SdkConfig {
  return { endpoint, region: regionName, credentials: developer };
}
