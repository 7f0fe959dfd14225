import { checkContentType } from './content-type.ts';
import { UserError } from './errors.ts';
import type { Matrix } from './matrix.ts';
import { MatrixCsvReader } from './matrix-csv-reader.ts';
import type { ModelFile } from './model-file.ts';
import { type PredictedValues, predict } from './predictor.ts';
import { pythonFloat } from './python-float.ts';

/** An answer of the container over HTTP. */
export interface InferenceAnswer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
}

/** A request for predictions. */
export interface InferenceRequest {
  readonly body: Buffer;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
}

/** Answers `POST /invocations` with the status codes, formats and digits of SageMaker's XGBoost container. */
export function infer(model: ModelFile, request: InferenceRequest, batch: boolean): InferenceAnswer {
  if (request.body.length === 0) return { status: 204, body: '' };
  const matrix = attempt(415, () => readRequest(request));
  if ('status' in matrix) return matrix;
  if (matrix.columns !== model.features) {
    const fault = `the model has ${model.features} features, but the data has ${matrix.columns}`;
    return { status: 400, contentType: 'text/html', body: `Unable to evaluate payload provided: ${fault}` };
  }
  return encode(predict(model, matrix), request.accept, batch);
}

function readRequest({ body, contentType }: InferenceRequest): Matrix {
  checkContentType('The request', contentType);
  const reader = new MatrixCsvReader({ source: 'request', labelled: false });
  reader.push(body);
  reader.endSource();
  return reader.matrix();
}

function encode(
  { outputs, values }: PredictedValues,
  accept: string | undefined,
  batch: boolean,
): InferenceAnswer {
  const rows = Array.from({ length: values.length / outputs }, (_, row) =>
    Array.from(values.subarray(row * outputs, (row + 1) * outputs)),
  );
  const type = accept?.split(';')[0]?.trim().toLowerCase() || 'text/csv';
  if (type === 'application/json' && !batch) {
    const predictions = rows.map((row) => ({ score: outputs === 1 ? row[0] : row }));
    return { status: 200, contentType: 'application/json', body: JSON.stringify({ predictions }) };
  }
  if (!['text/csv', '*/*'].includes(type)) {
    return {
      status: 406,
      contentType: 'text/html',
      body: `Accept type ${type} is not supported here; use text/csv.`,
    };
  }
  const lines = rows.map((row) => line(row, batch));
  return { status: 200, contentType: 'text/csv; charset=utf-8', body: `${lines.join('\n')}\n` };
}

/** In batch transform SageMaker's container prints the probabilities of a row as a Python list, brackets and all. */
function line(row: readonly number[], batch: boolean): string {
  const numbers = row.map(pythonFloat);
  return batch && row.length > 1 ? `[${numbers.join(', ')}]` : numbers.join(',');
}

function attempt<T>(status: number, read: () => T): T | InferenceAnswer {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { status, contentType: 'text/html', body: error.message };
  }
}
