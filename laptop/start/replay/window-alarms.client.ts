import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { type AlarmKind, alarmName } from '@tidemark/domain/names.ts';

const kinds: readonly AlarmKind[] = ['drift', 'quality'];

/** The states of a model's alarms by kind, as CloudWatch has them: `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
export async function alarmStates(
  client: CloudWatchClient,
  stage: string,
  model: string,
): Promise<Record<string, string>> {
  const names = kinds.map((kind) => alarmName(stage, model, kind));
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNames: names }));
  const states = new Map(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
  return Object.fromEntries(
    kinds.map((kind) => [kind, states.get(alarmName(stage, model, kind)) ?? 'MISSING']),
  );
}
