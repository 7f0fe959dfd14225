import * as z from 'zod';
import { AwsError } from '../../aws-error.ts';
import { checkedOperation } from '../../gateway/parse-input.ts';
import type { AwsEvent } from '../../gateway/service.ts';
import type { EventsState } from './events-state.ts';

/** Of all entries of a call together: 1 MiB since January 2026. */
const maxBytes = 1024 * 1024;

/** What a `Time` counts for, whatever its text. */
const timeBytes = 14;

const entrySchema = z.strictObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  /** Seconds since 1970. */
  Time: z.number().optional(),
  EventBusName: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const inputSchema = z.strictObject({ Entries: z.array(entrySchema).min(1).max(10) });

type Outcome =
  | { readonly kind: 'accepted'; readonly bus: string; readonly event: AwsEvent }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * Takes up to ten events. Those that are wrong are refused one by one, in an answer with status 200.
 * @param onPut told of every event that was taken.
 */
export function putEvents(state: EventsState, onPut: (event: AwsEvent) => void) {
  return checkedOperation('events:PutEvents', inputSchema, async ({ Entries }) => {
    assertSize(Entries);
    const outcomes = Entries.map((entry) => outcomeOf(state, entry));
    const accepted = outcomes.filter((outcome) => outcome.kind === 'accepted');
    await state.accept(accepted);
    for (const { event } of accepted) onPut(event);
    return {
      FailedEntryCount: outcomes.filter(({ kind }) => kind === 'refused').length,
      Entries: outcomes.map((outcome) =>
        outcome.kind === 'accepted'
          ? { EventId: outcome.event.id }
          : { ErrorCode: outcome.code, ErrorMessage: outcome.message },
      ),
    };
  });
}

function assertSize(entries: readonly Entry[]): void {
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > maxBytes)
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
}

function entryBytes({ Time, Source = '', DetailType = '', Detail = '', Resources = [] }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : timeBytes);
}

function outcomeOf(state: EventsState, entry: Entry): Outcome {
  const { Source, DetailType, Detail, Resources = [], Time, EventBusName } = entry;
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.'))
    return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = jsonObject(Detail);
  if (!detail) return refused('MalformedDetail', 'Detail is malformed.');
  try {
    const bus = state.bus(EventBusName).name;
    const event = state.event(
      { 'detail-type': DetailType, source: Source, resources: Resources, detail },
      Time === undefined ? undefined : Time * 1000,
    );
    return { kind: 'accepted', bus, event };
  } catch (error) {
    if (error instanceof AwsError) return refused(error.code, error.message);
    throw error;
  }
}

function missing(parameter: string): Outcome {
  return refused(
    'InvalidArgument',
    `Parameter ${parameter} is not valid. Reason: ${parameter} is a required argument.`,
  );
}

function refused(code: string, message: string): Outcome {
  return { kind: 'refused', code, message };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
