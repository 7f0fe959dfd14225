import { DescribeRuleCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import type { LocalRegion } from '@tidemark/region';

/** What is deployed of each kind, by its name, as its service describes it. */
export interface Deployed {
  readonly functions: ReadonlyMap<string, string>;
  readonly machines: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, string>;
}

export async function deployed({ resources, sdkConfig }: LocalRegion): Promise<Deployed> {
  const idsOf = (type: string) =>
    resources.filter((each) => each.type === `AWS::${type}`).map(({ physicalId }) => physicalId);
  const sfn = new SFNClient(sdkConfig);
  const events = new EventBridgeClient(sdkConfig);
  const described = async (ids: readonly string[], describe: (id: string) => Promise<string | undefined>) =>
    new Map(await Promise.all(ids.map(async (id) => [id, (await describe(id)) ?? ''] as const)));
  return {
    // A function's versions: `arn:…:function:<name>:<number>`.
    functions: new Map(
      idsOf('Lambda::Version').map((arn) => [arn.replace(/:\d+$/, ''), arn.split(':').at(-1) ?? '']),
    ),
    machines: await described(
      idsOf('StepFunctions::StateMachine'),
      async (stateMachineArn) =>
        (await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))).definition,
    ),
    rules: await described(idsOf('Events::Rule'), async (id) => {
      const [Name, EventBusName] = id.split('|').reverse();
      return (await events.send(new DescribeRuleCommand({ Name, EventBusName }))).EventPattern;
    }),
  };
}

/** Names of what is as it was. */
export function unchanged(before: Deployed, after: Deployed): string[] {
  return (['functions', 'machines', 'rules'] as const).flatMap((kind) =>
    [...after[kind]].filter(([name, what]) => before[kind].get(name) === what).map(([name]) => name),
  );
}
