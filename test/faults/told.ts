/** A domain event, whether as EventBridge delivers it or as it was parsed. */
interface Told {
  readonly type: string;
  readonly detail: unknown;
}

/**
 * What users were told, without names and times: each event once, however often it was delivered, by its type and the error it tells of.
 * @throws Error when an event says nothing that a person can read
 */
export function told(events: readonly Told[]): string[] {
  const distinct = new Map<string, string>();
  for (const { type, detail } of events) {
    const { eventId, message, error } = Object(detail);
    if (!/\w+ \w+/.test(message)) throw new Error(`${type} says nothing: ${JSON.stringify(detail)}`);
    distinct.set(String(eventId), [type, error].filter((part) => part !== undefined).join(' '));
  }
  return [...distinct.values()].sort();
}

/** As EventBridge delivers them. */
export function toldOnBus(events: readonly { 'detail-type': string; detail: unknown }[]): string[] {
  return told(events.map((event) => ({ type: event['detail-type'], detail: event.detail })));
}
