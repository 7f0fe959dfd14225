import { maximumRecords } from '../../functions/capture/predict.schema.ts';
import { jsonElements } from './json-elements.ts';

const requestFields = new Set(['model', 'records', 'inferenceIds', 'dryRun']);

/** A payload for the prediction function. */
export interface RequestPayload {
  readonly text: string;
  readonly records: number;
}

/**
 * The requests that a file holds: one, an array of them, or records, which are asked about a thousand at a time.
 * @throws SyntaxError when it is not JSON
 */
export function requestPayloads(text: string, model: string): RequestPayload[] {
  const elements = jsonElements(text);
  if (elements === undefined) return [isRequest(text) ? asItIs(text) : ofRecords([text.trim()], model)];
  if (elements.some(isRequest)) return elements.map(asItIs);
  const payloads: RequestPayload[] = [];
  for (let first = 0; first < elements.length; first += maximumRecords)
    payloads.push(ofRecords(elements.slice(first, first + maximumRecords), model));
  return payloads;
}

/** For the prediction function: these records, with an id each if there are ids. */
export function ofRecords(
  records: readonly string[],
  model: string,
  inferenceIds?: readonly string[],
): RequestPayload {
  const ids = inferenceIds ? `,"inferenceIds":${JSON.stringify(inferenceIds)}` : '';
  return {
    text: `{"model":${JSON.stringify(model)},"records":[${records.join(',')}]${ids}}`,
    records: records.length,
  };
}

/** Also one that lacks its records; a record may have a column `model`, but hardly that alone. */
function isRequest(text: string): boolean {
  const value = Object(JSON.parse(text));
  const fields = Object.keys(value);
  return (
    Array.isArray(value.records) || (fields.length > 0 && fields.every((field) => requestFields.has(field)))
  );
}

function asItIs(text: string): RequestPayload {
  const { records } = Object(JSON.parse(text));
  return { text, records: Array.isArray(records) ? records.length : 0 };
}
