import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { maximumRecords } from '../../../functions/capture/predict.schema.ts';
import type { FlightRecord } from './flight-records.ts';

/** Requests under way at a time: one is encoded while the endpoint answers another. */
const concurrency = 2;

const responseSchema = z.object({ version: z.int(), predictions: z.array(z.unknown()) });
const failureSchema = z.object({ errorMessage: z.string() });

/** Asks the prediction function, as any caller does. */
export class Predictor {
  readonly #client: LambdaClient;
  readonly #functionName: string;

  constructor(client: LambdaClient, functionName: string) {
    this.#client = client;
    this.#functionName = functionName;
  }

  /**
   * Asks about every record, a thousand at a time.
   * @param onAnswered told after each request how many records have been answered
   * @throws Error with the function's own message
   */
  async ask(
    model: string,
    records: readonly FlightRecord[],
    signal: AbortSignal,
    onAnswered: (answered: number) => void,
  ): Promise<void> {
    const batches = Array.from({ length: Math.ceil(records.length / maximumRecords) }, (_, index) =>
      records.slice(index * maximumRecords, (index + 1) * maximumRecords),
    );
    let answered = 0;
    const next = batches.values();
    const worker = async () => {
      // The workers share one iterator.
      for (const batch of next) {
        signal.throwIfAborted();
        answered += await this.#ask(model, batch);
        onAnswered(answered);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  async #ask(model: string, batch: readonly FlightRecord[]): Promise<number> {
    const request = {
      model,
      records: batch.map(({ record }) => record),
      inferenceIds: batch.map(({ inferenceId }) => inferenceId),
    };
    const { FunctionError, Payload } = await this.#client.send(
      new InvokeCommand({ FunctionName: this.#functionName, Payload: JSON.stringify(request) }),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() ?? '');
    if (FunctionError !== undefined) {
      throw new Error(`${this.#functionName} failed: ${failureSchema.parse(answer).errorMessage}`);
    }
    return responseSchema.parse(answer).predictions.length;
  }
}
