import { jsonService } from '../../local/gateway/json-service.ts';
import type { Service } from '../../local/gateway/service.ts';

/**
 * CloudWatch's alarms without its metrics: they sound when a test says so, because no test can wait for a minute of bad traffic.
 * Any other call is refused.
 */
export class AlarmDesk {
  /** Alarms that were put and not deleted, by name. */
  readonly alarms = new Map<string, Readonly<Record<string, unknown>>>();
  /** Names of all that were ever put. */
  readonly everPut = new Set<string>();
  /** Whether alarms sound from the moment that they are put. */
  sounding = false;

  reset(): void {
    this.alarms.clear();
    this.everPut.clear();
    this.sounding = false;
  }

  get service(): Service {
    return jsonService({
      signingName: 'monitoring',
      version: '1.0',
      operations: {
        PutMetricAlarm: async (input) => {
          this.alarms.set(String(input.AlarmName), input);
          this.everPut.add(String(input.AlarmName));
        },
        DescribeAlarms: async ({ AlarmNames }) => ({
          MetricAlarms: [AlarmNames]
            .flat()
            .filter((name) => this.alarms.has(String(name)))
            .map((name) => ({ AlarmName: name, StateValue: this.sounding ? 'ALARM' : 'OK' })),
        }),
        DeleteAlarms: async ({ AlarmNames }) => {
          for (const name of [AlarmNames].flat()) this.alarms.delete(String(name));
        },
      },
    });
  }
}
