import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { RoleCredentials } from '../../gateway/roles.ts';

interface AlarmsOptions {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: RoleCredentials;
}

/** Alarms as the role of a model sees them: SageMaker needs `cloudwatch:DescribeAlarms` to watch an update. */
export class Alarms {
  readonly #client: CloudWatchClient;

  constructor(options: AlarmsOptions) {
    this.#client = new CloudWatchClient(options);
  }

  /** Why an update must not go on: an alarm sounds or is not there. `undefined` when all is quiet. */
  async objection(names: readonly string[]): Promise<string | undefined> {
    if (names.length === 0) return undefined;
    const { MetricAlarms = [] } = await this.#client.send(
      new DescribeAlarmsCommand({ AlarmNames: [...names] }),
    );
    const states = new Map(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
    const missing = names.find((name) => !states.has(name));
    if (missing) return `there is no CloudWatch alarm ${missing}`;
    const sounding = names.find((name) => states.get(name) === 'ALARM');
    return sounding && `the CloudWatch alarm ${sounding} is in ALARM`;
  }

  close(): void {
    this.#client.destroy();
  }
}
