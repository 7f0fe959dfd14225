import { type Clock, wallClock } from '../../clock.ts';
import { jsonService } from '../../gateway/json-service.ts';
import type { AwsEvent, EventSink, Service } from '../../gateway/service.ts';
import { RecordStore } from '../../store/record-store.ts';
import { createEventBus } from './create-event-bus.ts';
import type { DeadLetter } from './dead-letter.ts';
import { deleteEventBus } from './delete-event-bus.ts';
import { deleteRule } from './delete-rule.ts';
import { type Deliver, Deliveries, type DeliveryOptions } from './deliveries.ts';
import { describeEventBus } from './describe-event-bus.ts';
import { describeRule } from './describe-rule.ts';
import { disableRule } from './disable-rule.ts';
import { enableRule } from './enable-rule.ts';
import { defaultBus, EventsState } from './events-state.ts';
import { listEventBuses } from './list-event-buses.ts';
import { listRules } from './list-rules.ts';
import { listTargetsByRule } from './list-targets-by-rule.ts';
import { eventsPermissions } from './permissions.ts';
import { putEvents } from './put-events.ts';
import { putRule } from './put-rule.ts';
import { putTargets } from './put-targets.ts';
import { removeTargets } from './remove-targets.ts';
import { testEventPattern } from './test-event-pattern.ts';

export interface EventsServiceOptions {
  /** Where buses, rules and undelivered events are kept. */
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  /** How events reach targets, by the service in the target's ARN (`states`, `lambda`, `sqs`). */
  readonly targets: Readonly<Record<string, Deliver>>;
  /** Puts a message on a queue; see `sqsService().sendDeadLetter`. */
  readonly sendDeadLetter: (letter: DeadLetter) => Promise<void>;
  readonly clock?: Clock;
  /** From 0 to 1, for the jitter between attempts. */
  readonly random?: () => number;
  readonly onGivenUp?: DeliveryOptions['onGivenUp'];
  /** Told of every event that somebody puts on a bus. */
  readonly onPut?: (event: AwsEvent) => void;
  /** Told of every event that comes to a bus, also of those that services emit. */
  readonly onPublished?: (bus: string, event: AwsEvent) => void;
  readonly onFault?: DeliveryOptions['onFault'];
}

/** EventBridge on the wire; as a sink, its default bus. */
export interface EventsService extends Service, EventSink {
  /**
   * Begins to deliver, what an earlier run left included. Call it when the targets can be reached; until then events
   * are taken and kept.
   */
  start(): Promise<void>;
  /** Resolves when nothing is being delivered; what waits for another attempt does not count. */
  idle(): Promise<void>;
}

/** Opens the local EventBridge. */
export async function eventsService({
  directory,
  accountId,
  region,
  targets,
  sendDeadLetter,
  clock = wallClock(),
  random = Math.random,
  onGivenUp = () => undefined,
  onPut = () => undefined,
  onPublished = () => undefined,
  onFault = () => undefined,
}: EventsServiceOptions): Promise<EventsService> {
  const records = await RecordStore.open(directory);
  const deliveries = new Deliveries(records, { clock, targets, sendDeadLetter, onGivenUp, onFault, random });
  const state = await EventsState.open({
    records,
    deliveries,
    accountId,
    region,
    now: () => clock.now(),
    onPublished,
    targetServices: new Set(Object.keys(targets)),
  });

  const service = jsonService({
    signingName: 'events',
    version: '1.1',
    permissions: eventsPermissions,
    operations: {
      CreateEventBus: createEventBus(state),
      DeleteEventBus: deleteEventBus(state),
      DeleteRule: deleteRule(state),
      DescribeEventBus: describeEventBus(state),
      DescribeRule: describeRule(state),
      DisableRule: disableRule(state),
      EnableRule: enableRule(state),
      ListEventBuses: listEventBuses(state),
      ListRules: listRules(state),
      ListTargetsByRule: listTargetsByRule(state),
      PutEvents: putEvents(state, onPut),
      PutRule: putRule(state),
      PutTargets: putTargets(state),
      RemoveTargets: removeTargets(state),
      TestEventPattern: testEventPattern,
    },
    async close() {
      await deliveries.close();
      await state.turns.idle();
      await records.close();
    },
  });
  return {
    ...service,
    emit: (event) => state.accept([{ bus: defaultBus, event: state.event(event, event.at) }]),
    start: () => deliveries.start(),
    idle: () => deliveries.idle(),
  };
}
