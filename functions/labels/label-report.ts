import type { ObjectPin } from '@tidemark/domain/datasets/manifest.schema.ts';
import type { LabelFindings } from './label-check.ts';

/** Ids and lines that a report shows. */
const shown = 20;

/** What the report of a file of labels holds: everything that was found, with the values that an event may not hold. */
export function labelReport(
  object: ObjectPin,
  findings: LabelFindings,
  unreadable: readonly { readonly line: number; readonly text: string }[],
): Record<string, unknown> {
  const { ids, ...rest } = findings;
  return {
    schemaVersion: 1,
    object,
    ...rest,
    ids:
      ids === null
        ? null
        : {
            lookedUp: ids.ids,
            unknown: ids.unknown.length,
            isComplete: ids.isComplete,
            firstUnknown: ids.unknown.slice(0, shown),
          },
    firstUnreadable: unreadable,
  };
}
