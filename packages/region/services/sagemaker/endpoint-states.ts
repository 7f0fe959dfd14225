import { AwsError } from '../../aws-error.ts';
import type { Context } from './context.ts';
import { DataCapture } from './data-capture.ts';
import type { DeploymentConfig } from './deployment-config.schema.ts';
import type { EndpointRecord, EndpointStatus, FleetSpec } from './endpoint-record.schema.ts';
import { DeploymentRefusedError, EndpointUpdate } from './endpoint-update.ts';
import { Fleet, FleetFailedError } from './fleet.ts';
import { emitStateChange, endpointDetail } from './state-change-event.ts';
import { takesRequest } from './traffic-plan.ts';

/** The fleet that an update brings in, with its percentage of the traffic. */
interface NextFleet {
  readonly fleet: Fleet;
  share: number;
}

/** An endpoint's running fleets. */
interface Host {
  live: Fleet;
  next: NextFleet | undefined;
  requests: number;
}

/** A container ends at once when nobody's request can be under way. */
const CLOSE_GRACE_SECONDS = 2;

/** Takes endpoints from one state to the next, and keeps their fleets. */
export class EndpointStates {
  readonly capture: DataCapture;
  readonly #context: Context;
  readonly #hosts = new Map<string, Host>();
  /** All that run, those on their way out included. */
  readonly #fleets = new Set<Fleet>();
  readonly #work = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: Context) {
    this.#context = context;
    this.capture = new DataCapture(context);
  }

  /** Begins an endpoint that is on record as `Creating`. */
  create({ name }: EndpointRecord): void {
    this.#inBackground(name, () => this.#create(name));
  }

  /** Begins the update that is on record as pending. */
  update({ name }: EndpointRecord): void {
    this.#inBackground(name, () => this.#update(name));
  }

  /** Begins to take away an endpoint that is on record as `Deleting`. */
  remove({ name }: EndpointRecord): void {
    this.#inBackground(name, () => this.#remove(name));
  }

  /** The fleet that answers the next request. */
  fleetFor({ name, fleet }: EndpointRecord): Fleet {
    const host = this.#hostOf(name, fleet);
    const n = host.requests;
    host.requests += 1;
    return host.next && takesRequest(n, host.next.share) ? host.next.fleet : host.live;
  }

  /** Brings back what was there when the region stopped; instances start now, serverless containers when asked. */
  async resume(): Promise<void> {
    for (const endpoint of await this.#context.tables.endpoints.all()) {
      if (endpoint.status === 'Creating') this.create(endpoint);
      if (endpoint.status === 'Updating') this.update(endpoint);
      if (endpoint.status === 'Deleting') this.remove(endpoint);
      if (endpoint.status === 'InService') this.#inBackground(endpoint.name, () => this.#serve(endpoint));
      if (endpoint.status === 'RollingBack')
        this.#inBackground(endpoint.name, () => this.#rollBack(endpoint.name));
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new AwsError('ServiceUnavailable', 'The local region is closing.', 503));
    await Promise.all([...this.#fleets].map((fleet) => fleet.stop(CLOSE_GRACE_SECONDS)));
    await Promise.all(this.#work);
    await this.capture.close();
  }

  /** Changes an endpoint's record and tells the world of its state. */
  async change(
    name: string,
    change: (endpoint: EndpointRecord) => EndpointRecord,
  ): Promise<EndpointRecord | undefined> {
    const changed = await this.#context.tables.endpoints.update(name, (endpoint) => ({
      ...change(endpoint),
      modified: this.#context.clock.now(),
    }));
    if (changed) await emitStateChange(this.#context, 'Endpoint', changed.arn, endpointDetail(changed));
    return changed;
  }

  async #create(name: string): Promise<void> {
    const endpoint = await this.#record(name);
    const host = this.#hostOf(name, endpoint.fleet);
    try {
      await host.live.ready();
      await this.#setStatus(name, 'InService');
    } catch (error) {
      const reason = this.#reasonOf(error, name);
      await this.#stopFleet(host.live, 0);
      this.#hosts.delete(name);
      await this.#setStatus(name, 'Failed', reason);
    }
  }

  async #serve({ name, fleet }: EndpointRecord): Promise<void> {
    if (fleet.variants.every(({ serverless }) => serverless)) return;
    await this.#hostOf(name, fleet).live.ready();
  }

  async #update(name: string): Promise<void> {
    const { fleet, pending } = await this.#record(name);
    if (!pending) throw new Error(`endpoint ${name} has no update to make`);
    const host = this.#hostOf(name, fleet);
    const next = { fleet: this.#startFleet(name, pending.fleet), share: 0 };
    host.next = next;
    const objection = await this.#deploy(name, next, pending.deployment);
    if (objection === undefined) await this.#promote(name, host, next.fleet);
    else await this.#goBack(name, host, next, objection);
  }

  /** Why the endpoint must go back; `undefined` when the new fleet has all the traffic. */
  async #deploy(
    name: string,
    next: NextFleet,
    config: DeploymentConfig | undefined,
  ): Promise<string | undefined> {
    const route = (share: number) => {
      next.share = share;
    };
    const deployment = new EndpointUpdate(this.#context, name, { signal: this.#closing.signal, route });
    try {
      await deployment.run(next.fleet, config);
      return undefined;
    } catch (error) {
      return this.#reasonOf(error, name);
    }
  }

  async #goBack(name: string, host: Host, next: NextFleet, failureReason: string): Promise<void> {
    host.next = undefined;
    await this.change(name, (endpoint) => ({ ...endpoint, status: 'RollingBack', failureReason }));
    await this.#stopFleet(next.fleet);
    await this.#rollBack(name);
  }

  async #promote(name: string, host: Host, fleet: Fleet): Promise<void> {
    const former = host.live;
    host.live = fleet;
    host.next = undefined;
    await this.change(name, ({ pending, failureReason: _, ...endpoint }) => ({
      ...endpoint,
      status: 'InService',
      fleet: pending?.fleet ?? endpoint.fleet,
      pending: undefined,
      ...(pending?.deployment && { lastDeployment: pending.deployment }),
    }));
    await this.#stopFleet(former);
  }

  async #rollBack(name: string): Promise<void> {
    await this.change(name, (endpoint) => ({ ...endpoint, status: 'InService', pending: undefined }));
  }

  async #remove(name: string): Promise<void> {
    const host = this.#hosts.get(name);
    this.#hosts.delete(name);
    if (host) await this.#stopFleet(host.live);
    await this.#context.tables.endpoints.remove(name);
  }

  async #setStatus(name: string, status: EndpointStatus, failureReason?: string): Promise<void> {
    await this.change(name, (endpoint) => ({ ...endpoint, status, failureReason }));
  }

  async #record(name: string): Promise<EndpointRecord> {
    const endpoint = await this.#context.tables.endpoints.get(name);
    if (!endpoint) throw new Error(`there is no endpoint ${name}`);
    return endpoint;
  }

  #hostOf(name: string, fleet: FleetSpec): Host {
    const host = this.#hosts.get(name) ?? {
      live: this.#startFleet(name, fleet),
      next: undefined,
      requests: 0,
    };
    this.#hosts.set(name, host);
    return host;
  }

  /** No fleet may start once `close` has looked which there are to stop. */
  #startFleet(name: string, fleet: FleetSpec): Fleet {
    this.#closing.signal.throwIfAborted();
    const started = new Fleet(this.#context, name, fleet);
    this.#fleets.add(started);
    return started;
  }

  async #stopFleet(fleet: Fleet, graceSeconds?: number): Promise<void> {
    await fleet.stop(graceSeconds);
    this.#fleets.delete(fleet);
  }

  /** Throws on while the region is closing: then nothing has failed. */
  #reasonOf(error: unknown, name: string): string {
    this.#closing.signal.throwIfAborted();
    if (error instanceof FleetFailedError || error instanceof DeploymentRefusedError) return error.message;
    this.#context.onFault(error, `endpoint ${name}`);
    return `InternalServerError: ${String(error)}`;
  }

  #inBackground(name: string, work: () => Promise<void>): void {
    if (this.#closing.signal.aborted) return;
    const done = work().catch((error) => {
      if (!this.#closing.signal.aborted) this.#context.onFault(error, `endpoint ${name}`);
    });
    this.#work.add(done);
    void done.finally(() => this.#work.delete(done));
  }
}
