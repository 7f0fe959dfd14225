import { setTimeout } from 'node:timers/promises';
import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  ListEventBusesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  type PutRuleCommandInput,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { Scenario } from '../scenario.ts';
import { place, type World } from '../worlds/world.ts';

const queueArn = `arn:aws:sqs:${place.region}:${place.accountId}:inbox`;
const EventPattern = JSON.stringify({ source: ['shop'] });
const event: PutEventsRequestEntry = {
  Source: 'shop',
  DetailType: 'order placed',
  Detail: JSON.stringify({
    id: 7,
    name: 'x "quoted"',
    list: ['a', 'b'],
    nested: { deep: true },
    nothing: null,
  }),
  Resources: ['arn:aws:s3:::data'],
};

/** What a target gets of the event, by the target's input. */
const inputs: readonly [string, Partial<Target>][] = [
  ['everything', {}],
  ['a constant', { Input: '{"fixed":true}' }],
  ['a path', { InputPath: '$.detail.nested' }],
  ['a path to a text', { InputPath: '$.detail.name' }],
  ['a path of none', { InputPath: '$.detail.none' }],
  [
    'a template of an object',
    {
      InputTransformer: {
        InputPathsMap: { id: '$.detail.id', name: '$.detail.name', list: '$.detail.list' },
        InputTemplate: '{"id":<id>,"name":"<name>","list":<list>}',
      },
    },
  ],
  [
    'a template of a text',
    {
      InputTransformer: {
        InputPathsMap: { id: '$.detail.id', kind: '$.detail-type' },
        InputTemplate: '"<kind> number <id>"',
      },
    },
  ],
  [
    'a template without its variable',
    { InputTransformer: { InputPathsMap: { none: '$.detail.none' }, InputTemplate: '{"none":<none>}' } },
  ],
  [
    'a template of what EventBridge knows',
    {
      InputTransformer: {
        InputPathsMap: {},
        InputTemplate: '{"rule":<aws.events.rule-name>,"arn":<aws.events.rule-arn>}',
      },
    },
  ],
];

/** Whether a message comes within two seconds, and its body. */
async function nextBody({ sqs }: World, QueueUrl: string | undefined): Promise<unknown> {
  for (let look = 0; look < 8; look += 1) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const body = Messages?.[0]?.Body;
    if (body !== undefined) return body;
    await setTimeout(250);
  }
  return 'nothing came';
}

/** A body in one order of its members, without what each implementation makes up. */
function shown(body: unknown): unknown {
  try {
    const value = JSON.parse(String(body));
    const isEvent = Object(value).source !== undefined;
    if (!isEvent) return value;
    const entries = Object.entries({ ...value, id: '<id>', time: '<time>' });
    return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
  } catch {
    return body;
  }
}

export const eventsScenarios: readonly Scenario[] = [
  {
    service: 'events',
    name: 'buses',
    async run({ events }, steps) {
      const create = (what: string, Name: string) =>
        steps.call(`CreateEventBus ${what}`, () => events.send(new CreateEventBusCommand({ Name })));
      await create('first', 'own');
      await create('again', 'own');
      await create('called default', 'default');
      await create('with a slash', 'a/b');
      await create('with a space', 'a b');
      await steps.call('DescribeEventBus', () => events.send(new DescribeEventBusCommand({ Name: 'own' })));
      await steps.call('DescribeEventBus of the default', () => events.send(new DescribeEventBusCommand({})));
      await steps.call('DescribeEventBus of none', () =>
        events.send(new DescribeEventBusCommand({ Name: 'none' })),
      );
      await steps.call('ListEventBuses', () => events.send(new ListEventBusesCommand({})));
      await steps.call('ListEventBuses by a beginning', () =>
        events.send(new ListEventBusesCommand({ NamePrefix: 'o' })),
      );
      await steps.call('DeleteEventBus', () => events.send(new DeleteEventBusCommand({ Name: 'own' })));
      await steps.call('DeleteEventBus of none', () =>
        events.send(new DeleteEventBusCommand({ Name: 'none' })),
      );
      await steps.call('DeleteEventBus of the default', () =>
        events.send(new DeleteEventBusCommand({ Name: 'default' })),
      );
    },
  },
  {
    service: 'events',
    name: 'rules',
    async run({ events }, steps) {
      const put = (what: string, input: Partial<PutRuleCommandInput>) =>
        steps.call(`PutRule ${what}`, () => events.send(new PutRuleCommand({ Name: 'orders', ...input })));
      const describe = (what: string, Name: string) =>
        steps.call(`DescribeRule ${what}`, () => events.send(new DescribeRuleCommand({ Name })));
      await put('first', { EventPattern, Description: 'Orders of the shop' });
      await describe('first', 'orders');
      await put('over it', { EventPattern, State: 'DISABLED' });
      await describe('over it', 'orders');
      await put('without a pattern', { Name: 'wrong' });
      for (const pattern of [
        'no JSON',
        '[]',
        '{}',
        '{"source":"shop"}',
        '{"source":[]}',
        '{"source":[{"nosuch":1}]}',
        '{"detail":{"n":[{"numeric":[">"]}]}}',
      ])
        await put(`with the pattern ${pattern}`, { Name: 'wrong', EventPattern: pattern });
      await put('on a bus of none', { EventPattern, EventBusName: 'none' });
      await put('with a space in its name', { EventPattern, Name: 'a b' });
      await put('with a state of none', { EventPattern, State: 'PAUSED' as 'ENABLED' });
      await describe('of none', 'none');
      for (const Name of ['other', 'orders-too']) await put(Name, { Name, EventPattern });
      await steps.call('ListRules', () => events.send(new ListRulesCommand({})));
      await steps.call('ListRules by a beginning', () =>
        events.send(new ListRulesCommand({ NamePrefix: 'orders' })),
      );
      await steps.call('EnableRule', () => events.send(new EnableRuleCommand({ Name: 'orders' })));
      await describe('that is enabled', 'orders');
      await steps.call('DisableRule', () => events.send(new DisableRuleCommand({ Name: 'orders' })));
      await describe('that is disabled', 'orders');
      await steps.call('EnableRule of none', () => events.send(new EnableRuleCommand({ Name: 'none' })));
      const targets = (what: string, Targets: Target[], Rule = 'orders') =>
        steps.call(`PutTargets ${what}`, () => events.send(new PutTargetsCommand({ Rule, Targets })));
      await targets('of one', [{ Id: 'queue', Arn: queueArn }]);
      await targets('over it', [{ Id: 'queue', Arn: queueArn, Input: '{"a":1}' }]);
      await targets('of a rule of none', [{ Id: 'queue', Arn: queueArn }], 'none');
      await targets('with input that is not JSON', [{ Id: 'queue', Arn: queueArn, Input: 'no JSON' }]);
      await targets('with two inputs', [{ Id: 'queue', Arn: queueArn, Input: '{}', InputPath: '$.detail' }]);
      await targets('with no ARN', [{ Id: 'queue', Arn: 'queue' }]);
      await targets('of none', []);
      await targets(
        'of six',
        Array.from({ length: 6 }, (_, index) => ({ Id: `t${index}`, Arn: queueArn })),
        'other',
      );
      await steps.call('ListTargetsByRule', () =>
        events.send(new ListTargetsByRuleCommand({ Rule: 'orders' })),
      );
      await steps.call('ListTargetsByRule of none', () =>
        events.send(new ListTargetsByRuleCommand({ Rule: 'none' })),
      );
      await steps.call('DeleteRule with targets', () =>
        events.send(new DeleteRuleCommand({ Name: 'orders' })),
      );
      const remove = (what: string, Rule: string, Ids: string[]) =>
        steps.call(`RemoveTargets ${what}`, () => events.send(new RemoveTargetsCommand({ Rule, Ids })));
      await remove('of one', 'orders', ['queue']);
      await remove('of none', 'orders', ['queue']);
      await remove('of a rule of none', 'none', ['queue']);
      await steps.call('DeleteRule', () => events.send(new DeleteRuleCommand({ Name: 'orders' })));
      await steps.call('DeleteRule of none', () => events.send(new DeleteRuleCommand({ Name: 'orders' })));
    },
  },
  {
    service: 'events',
    name: 'entries',
    async run({ events }, steps) {
      const put = (what: string, Entries: PutEventsRequestEntry[]) =>
        steps.call(`PutEvents ${what}`, () => events.send(new PutEventsCommand({ Entries })));
      await put('of two', [event, event]);
      await put('of none', []);
      await put(
        'of eleven',
        Array.from({ length: 11 }, () => event),
      );
      await put('without a source', [{ DetailType: 'x', Detail: '{}' }]);
      await put('without a type', [{ Source: 'x', Detail: '{}' }]);
      await put('without a detail', [{ Source: 'x', DetailType: 'x' }]);
      await put('with a detail that is not JSON', [{ ...event, Detail: 'no JSON' }]);
      await put('with a detail that is a list', [{ ...event, Detail: '[]' }]);
      await put('of AWS itself', [{ ...event, Source: 'aws.s3' }]);
      await put('of one that is right and one that is not', [event, { ...event, Detail: 'no JSON' }]);
      await put('on a bus of none', [{ ...event, EventBusName: 'none' }]);
    },
  },
  {
    service: 'events',
    name: 'deliveries',
    async run(world, steps) {
      const { events } = world;
      const QueueUrl = await world.queue('inbox');
      await events.send(new PutRuleCommand({ Name: 'orders', EventPattern }));
      for (const [what, input] of inputs) {
        await events.send(
          new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'queue', Arn: queueArn, ...input }] }),
        );
        await steps.call(`PutEvents for ${what}`, () =>
          events.send(new PutEventsCommand({ Entries: [event] })),
        );
        steps.note(`PutEvents to ${what}`, { body: JSON.stringify(shown(await nextBody(world, QueueUrl))) });
        await events.send(new RemoveTargetsCommand({ Rule: 'orders', Ids: ['queue'] }));
      }
      await events.send(new PutTargetsCommand({ Rule: 'orders', Targets: [{ Id: 'queue', Arn: queueArn }] }));
      await events.send(new PutEventsCommand({ Entries: [{ ...event, Source: 'other' }] }));
      steps.note('PutEvents of another source', { body: await nextBody(world, QueueUrl) });
      await events.send(new DisableRuleCommand({ Name: 'orders' }));
      await events.send(new PutEventsCommand({ Entries: [event] }));
      steps.note('PutEvents to a disabled rule', {
        body: JSON.stringify(shown(await nextBody(world, QueueUrl))),
      });
    },
  },
];
