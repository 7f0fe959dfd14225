import {
  DeleteRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { z } from 'zod';
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

export const eventsRule = resourceType({
  type: 'AWS::Events::Rule',
  properties: {
    Name: z.string().optional(),
    EventBusName: z.string().default('default'),
    EventPattern: z.record(z.string(), z.unknown()),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    Targets: z.array(targetSchema).default([]),
  },
  ignored: { Description: 'for people', Tags: 'nothing reads them' },
  async apply(rule, { region, accountId, services, name }) {
    const Name = rule.Name ?? name({ maximum: 64 });
    const { EventBusName, State, Targets } = rule;
    const EventPattern = JSON.stringify(rule.EventPattern);
    await services.events.send(new PutRuleCommand({ Name, EventBusName, EventPattern, State }));
    await putTargets(services.events, Name, EventBusName, Targets);
    const path = EventBusName === 'default' ? Name : `${EventBusName}/${Name}`;
    return {
      ref: EventBusName === 'default' ? Name : `${EventBusName}|${Name}`,
      attributes: { Arn: `arn:aws:events:${region}:${accountId}:rule/${path}` },
    };
  },
  async remove(physicalId, { events }) {
    // As CloudFormation has it: the name, behind the bus when that is not the default one.
    const [name = '', bus = 'default'] = physicalId.split('|').reverse();
    await putTargets(events, name, bus, []);
    await events.send(new DeleteRuleCommand({ Name: name, EventBusName: bus }));
  },
});

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
