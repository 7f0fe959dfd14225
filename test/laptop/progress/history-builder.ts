import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** Builds a history: each event one second after the one before, and caused by it unless said otherwise. */
export class HistoryBuilder {
  readonly events: HistoryEvent[] = [];

  add(type: HistoryEvent['type'], details: Partial<HistoryEvent> = {}): this {
    const id = this.events.length + 1;
    this.events.push({ id, previousEventId: id - 1, timestamp: new Date(id * 1000), type, ...details });
    return this;
  }

  entered(type: 'Task' | 'Wait' | 'Choice' | 'Map' | 'Fail', name: string, after?: number): this {
    return this.add(`${type}StateEntered`, {
      stateEnteredEventDetails: { name, input: '{}' },
      ...(after !== undefined && { previousEventId: after }),
    });
  }

  exited(type: 'Task' | 'Wait' | 'Choice' | 'Map', name: string, after?: number): this {
    return this.add(`${type}StateExited`, {
      stateExitedEventDetails: { name, output: '{}' },
      ...(after !== undefined && { previousEventId: after }),
    });
  }

  scheduled(resourceType: string, resource: string, parameters: unknown, after?: number): this {
    return this.add('TaskScheduled', {
      taskScheduledEventDetails: {
        resourceType,
        resource,
        region: 'eu-west-1',
        parameters: JSON.stringify(parameters),
      },
      ...(after !== undefined && { previousEventId: after }),
    });
  }

  failed(error: string, cause: string): this {
    return this.add('TaskFailed', {
      taskFailedEventDetails: { resourceType: 'lambda', resource: 'invoke', error, cause },
    });
  }
}
