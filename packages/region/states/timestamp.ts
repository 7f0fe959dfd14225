/** RFC 3339 as Step Functions takes it: a capital T, and an offset or a capital Z. */
const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** The moment that a text names, in milliseconds since 1970; `undefined` for what is no RFC 3339 timestamp. */
export function momentOfTimestamp(text: string): number | undefined {
  const moment = timestampPattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? undefined : moment;
}
