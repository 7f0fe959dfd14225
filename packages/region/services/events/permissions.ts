import {
  type Input,
  objectsIn,
  onEverything,
  optionalText,
  type Permissions,
  passRole,
  textOf,
} from '../../gateway/permissions.ts';
import type { Place } from '../../iam/access-request.ts';

const arn = (resource: string, { region, accountId }: Place): string =>
  `arn:aws:events:${region}:${accountId}:${resource}`;

/** A bus by its name or its ARN; the default one when there is none. */
function busArn(bus: string | undefined, place: Place): string {
  return bus?.startsWith('arn:') ? bus : arn(`event-bus/${bus ?? 'default'}`, place);
}

/** Rules of the default bus do not name it. */
function ruleArn(input: Input, place: Place, member: 'Name' | 'Rule'): string {
  const bus = optionalText(input, 'EventBusName')?.split('/').at(-1) ?? 'default';
  const name = textOf(input, member);
  return arn(`rule/${bus === 'default' ? name : `${bus}/${name}`}`, place);
}

const onBus =
  (action: string, member: 'Name' | 'EventBusName'): Permissions =>
  (input, place) => [{ action, resource: busArn(optionalText(input, member), place) }];

const onRule =
  (action: string, member: 'Name' | 'Rule'): Permissions =>
  (input, place) => [{ action, resource: ruleArn(input, place, member) }];

const service = 'events.amazonaws.com';

/** By the Service Authorization Reference of EventBridge. */
export const eventsPermissions = {
  CreateEventBus: onBus('events:CreateEventBus', 'Name'),
  DeleteEventBus: onBus('events:DeleteEventBus', 'Name'),
  DeleteRule: onRule('events:DeleteRule', 'Name'),
  DescribeEventBus: onBus('events:DescribeEventBus', 'Name'),
  DescribeRule: onRule('events:DescribeRule', 'Name'),
  DisableRule: onRule('events:DisableRule', 'Name'),
  EnableRule: onRule('events:EnableRule', 'Name'),
  ListEventBuses: onEverything('events:ListEventBuses'),
  ListRules: onEverything('events:ListRules'),
  ListTargetsByRule: onRule('events:ListTargetsByRule', 'Rule'),
  PutEvents(input, place) {
    const entries = objectsIn(input, 'Entries');
    const buses = new Set(entries.map((entry) => busArn(optionalText(entry, 'EventBusName'), place)));
    return [...buses].map((resource) => ({ action: 'events:PutEvents', resource }));
  },
  PutRule(input, place) {
    const roleArn = optionalText(input, 'RoleArn');
    return [
      ...onRule('events:PutRule', 'Name')(input, place),
      ...(roleArn === undefined ? [] : [passRole(roleArn, service)]),
    ];
  },
  PutTargets(input, place) {
    const targets = objectsIn(input, 'Targets');
    const context = { 'events:targetarn': targets.map((target) => textOf(target, 'Arn')) };
    const roles = new Set(targets.flatMap((target) => optionalText(target, 'RoleArn') ?? []));
    return [
      { action: 'events:PutTargets', resource: ruleArn(input, place, 'Rule'), context },
      ...[...roles].map((roleArn) => passRole(roleArn, service)),
    ];
  },
  RemoveTargets: onRule('events:RemoveTargets', 'Rule'),
  TestEventPattern: onEverything('events:TestEventPattern'),
} satisfies Record<string, Permissions>;
