import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { ruleState } from '../../services/events/put-rule.ts';
import { ifThere } from '../gone.ts';
import { resourceType } from '../resource-type.ts';

const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  RoleArn: z.string().exactOptional(),
  Input: z.string().exactOptional(),
  InputPath: z.string().exactOptional(),
  InputTransformer: z
    .strictObject({
      InputPathsMap: z.record(z.string(), z.string()).exactOptional(),
      InputTemplate: z.string(),
    })
    .exactOptional(),
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.int().exactOptional(),
      MaximumEventAgeInSeconds: z.int().exactOptional(),
    })
    .exactOptional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).exactOptional(),
});

const nameLimits = { maximum: 64 };

export const eventsRule = resourceType({
  type: 'AWS::Events::Rule',
  properties: {
    Name: z.string().optional(),
    EventBusName: z.string().default('default'),
    EventPattern: z.record(z.string(), z.unknown()),
    State: ruleState.default('ENABLED'),
    Targets: z.array(targetSchema).default([]),
  },
  ignored: { Description: 'for people', Tags: 'nothing reads them' },
  kept: {
    async put(rule, { services, name }) {
      const Name = rule.Name ?? name(nameLimits);
      const { EventBusName, State, Targets } = rule;
      const EventPattern = JSON.stringify(rule.EventPattern);
      await services.events.send(new PutRuleCommand({ Name, EventBusName, EventPattern, State }));
      await putTargets(services.events, Name, EventBusName, Targets);
    },
    async read(physicalId, { events }) {
      const [Name, EventBusName] = nameAndBus(physicalId);
      const rule = await ifThere(events.send(new DescribeRuleCommand({ Name, EventBusName })));
      if (rule === undefined) return undefined;
      const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: Name, EventBusName }));
      return { EventPattern: rule.EventPattern, State: rule.State, Targets };
    },
  },
  async apply(rule, { region, accountId, name }) {
    const Name = rule.Name ?? name(nameLimits);
    const { EventBusName } = rule;
    const path = EventBusName === 'default' ? Name : `${EventBusName}/${Name}`;
    return {
      ref: EventBusName === 'default' ? Name : `${EventBusName}|${Name}`,
      attributes: { Arn: `arn:aws:events:${region}:${accountId}:rule/${path}` },
    };
  },
  async remove(physicalId, { events }) {
    const [name, bus] = nameAndBus(physicalId);
    await putTargets(events, name, bus, []);
    await events.send(new DeleteRuleCommand({ Name: name, EventBusName: bus }));
  },
});

/** As CloudFormation has it: the name, behind the bus when that is not the default one. */
function nameAndBus(physicalId: string): [string, string] {
  const [name = '', bus = 'default'] = physicalId.split('|').reverse();
  return [name, bus];
}

/** Makes these the rule's targets, and no others. */
async function putTargets(
  client: EventBridgeClient,
  Rule: string,
  EventBusName: string,
  targets: Target[],
): Promise<void> {
  const existing = await client.send(new ListTargetsByRuleCommand({ Rule, EventBusName }));
  const wanted = new Set(targets.map(({ Id }) => Id));
  const Ids = (existing.Targets ?? []).flatMap(({ Id }) => (Id !== undefined && !wanted.has(Id) ? [Id] : []));
  if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule, EventBusName, Ids }));
  if (targets.length > 0) await client.send(new PutTargetsCommand({ Rule, EventBusName, Targets: targets }));
}
