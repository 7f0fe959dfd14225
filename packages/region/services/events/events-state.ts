import { randomUUID } from 'node:crypto';
import { AwsError } from '../../aws-error.ts';
import type { AwsEvent } from '../../gateway/service.ts';
import { Mutex } from '../../store/mutex.ts';
import type { Collection, RecordStore } from '../../store/record-store.ts';
import type { Deliveries } from './deliveries.ts';
import type { Delivery } from './delivery.schema.ts';
import { type EventTest, eventPattern } from './pattern/event-pattern.ts';
import { busSchema, type EventBus, type Rule, retryPolicySchema, ruleSchema } from './rule.schema.ts';

export interface EventsStateOptions {
  readonly records: RecordStore;
  readonly deliveries: Deliveries;
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
  /** Told of every event that comes to a bus. */
  readonly onPublished: (bus: string, event: AwsEvent) => void;
  /** The services that targets can be of. */
  readonly targetServices: ReadonlySet<string>;
}

export const defaultBus = 'default';

interface LoadedRule {
  readonly rule: Rule;
  readonly matches: EventTest;
}

/** Buses and rules: in memory for matching, on disk for the next start. */
export class EventsState {
  readonly accountId: string;
  readonly region: string;
  readonly now: () => number;
  readonly targetServices: ReadonlySet<string>;
  /** Changes of rules and buses, one at a time. */
  readonly turns = new Mutex();
  readonly #onPublished: EventsStateOptions['onPublished'];
  readonly #records: RecordStore;
  readonly #deliveries: Deliveries;
  readonly #busRecords: Collection<EventBus>;
  readonly #ruleRecords: Collection<Rule>;
  readonly #buses = new Map<string, EventBus>();
  readonly #rules = new Map<string, LoadedRule>();
  #acceptedCount = 0;

  private constructor({ records, deliveries, ...options }: EventsStateOptions) {
    this.#onPublished = options.onPublished;
    this.#records = records;
    this.#deliveries = deliveries;
    this.accountId = options.accountId;
    this.region = options.region;
    this.now = options.now;
    this.targetServices = options.targetServices;
    this.#busRecords = records.collection('bus', busSchema);
    this.#ruleRecords = records.collection('rule', ruleSchema);
    this.#buses.set(defaultBus, { name: defaultBus, createdAt: new Date(0).toISOString() });
  }

  static async open(options: EventsStateOptions): Promise<EventsState> {
    const state = new EventsState(options);
    for await (const [name, bus] of state.#busRecords.entries()) state.#buses.set(name, bus);
    for await (const [key, rule] of state.#ruleRecords.entries())
      state.#rules.set(key, { rule, matches: eventPattern(rule.pattern) });
    return state;
  }

  // Buses

  busArn(bus: string): string {
    return `arn:aws:events:${this.region}:${this.accountId}:event-bus/${bus}`;
  }

  buses(): readonly EventBus[] {
    return [...this.#buses.values()];
  }

  /** The bus of this name or ARN. */
  bus(nameOrArn: string = defaultBus): EventBus {
    const name = nameOrArn.startsWith(this.busArn('')) ? nameOrArn.slice(this.busArn('').length) : nameOrArn;
    const bus = this.#buses.get(name);
    if (!bus) throw new AwsError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
    return bus;
  }

  async saveBus(bus: EventBus): Promise<void> {
    await this.#records.write([this.#busRecords.put(bus.name, bus)]);
    this.#buses.set(bus.name, bus);
  }

  async removeBus(name: string): Promise<void> {
    await this.#records.write([this.#busRecords.del(name)]);
    this.#buses.delete(name);
  }

  // Rules

  ruleArn({ bus, name }: Pick<Rule, 'bus' | 'name'>): string {
    const path = bus === defaultBus ? name : `${bus}/${name}`;
    return `arn:aws:events:${this.region}:${this.accountId}:rule/${path}`;
  }

  /** The rules of a bus, by name. */
  rules(bus: string): readonly Rule[] {
    return [...this.#rules.values()]
      .map(({ rule }) => rule)
      .filter((rule) => rule.bus === bus)
      .sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  findRule(name: string, busNameOrArn?: string): Rule | undefined {
    return this.#rules.get(ruleKey({ bus: this.bus(busNameOrArn).name, name }))?.rule;
  }

  rule(name: string, busNameOrArn?: string): Rule {
    const bus = this.bus(busNameOrArn).name;
    const rule = this.findRule(name, bus);
    if (!rule)
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  async saveRule(rule: Rule): Promise<void> {
    const matches = eventPattern(rule.pattern);
    await this.#records.write([this.#ruleRecords.put(ruleKey(rule), rule)]);
    this.#rules.set(ruleKey(rule), { rule, matches });
  }

  async removeRule(rule: Rule): Promise<void> {
    await this.#records.write([this.#ruleRecords.del(ruleKey(rule))]);
    this.#rules.delete(ruleKey(rule));
  }

  // Events

  /** An event as it travels, with an id of its own. `time` in milliseconds since 1970. */
  event(
    {
      'detail-type': detailType,
      source,
      resources,
      detail,
    }: Pick<AwsEvent, 'detail-type' | 'source' | 'resources' | 'detail'>,
    time = this.now(),
  ): AwsEvent {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: this.accountId,
      time: `${new Date(time).toISOString().slice(0, 19)}Z`,
      region: this.region,
      resources,
      detail,
    };
  }

  /** Takes events: when this resolves, they will reach every target whose rule matches now, come what may. */
  async accept(events: readonly { readonly bus: string; readonly event: AwsEvent }[]): Promise<void> {
    const deliveries = events.flatMap(({ bus, event }) => this.#deliveriesOf(bus, event));
    await this.#records.write(deliveries.map((delivery) => this.#deliveries.record(delivery)));
    for (const { bus, event } of events) this.#onPublished(bus, event);
    this.#deliveries.begin(deliveries);
  }

  #deliveriesOf(bus: string, event: AwsEvent): Delivery[] {
    const matching = [...this.#rules.values()].filter(
      ({ rule, matches }) => rule.bus === bus && rule.isEnabled && matches(event),
    );
    return matching.flatMap(({ rule }) =>
      rule.targets.map((target) => ({
        key: this.#nextKey(),
        event: { ...event, resources: [...event.resources] },
        ruleName: rule.name,
        ruleArn: this.ruleArn(rule),
        target,
        retryPolicy: target.RetryPolicy ?? retryPolicySchema.parse({}),
        acceptedAt: this.now(),
        failedAttempts: 0,
        nextAttemptAt: this.now(),
      })),
    );
  }

  /** Unique over restarts, and in the order of acceptance within one. */
  #nextKey(): string {
    this.#acceptedCount += 1;
    const count = String(this.#acceptedCount).padStart(9, '0');
    return `${String(this.now()).padStart(15, '0')}-${count}-${randomUUID()}`;
  }
}

function ruleKey({ bus, name }: Pick<Rule, 'bus' | 'name'>): string {
  return `${bus}\0${name}`;
}
