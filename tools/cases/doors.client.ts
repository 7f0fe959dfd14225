import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalRegion } from '@tidemark/region';
import * as z from 'zod';

const failureSchema = z.looseObject({ errorType: z.string().default('Error'), errorMessage: z.string() });
const eventsSchema = z.looseObject({ Entries: z.array(z.looseObject({})) });

/** What the prediction function said. */
export type Answer =
  | { readonly answer: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

/** The product's public doors: a bucket, a function, a bus. All of it over AWS's own protocols. */
export class Doors {
  readonly #s3: S3Client;
  readonly #lambda: LambdaClient;
  readonly #events: EventBridgeClient;
  readonly #outputs: LocalRegion['outputs'];

  constructor({ sdkConfig, outputs }: Pick<LocalRegion, 'sdkConfig' | 'outputs'>) {
    this.#s3 = new S3Client({ ...sdkConfig, forcePathStyle: true });
    this.#lambda = new LambdaClient(sdkConfig);
    this.#events = new EventBridgeClient(sdkConfig);
    this.#outputs = outputs;
  }

  /** Puts a file into the data bucket. @returns the version's id */
  async putFile(key: string, path: string): Promise<string> {
    const { size } = await stat(path);
    return await this.#put(key, { Body: createReadStream(path), ContentLength: size });
  }

  /** Puts a text into the data bucket. @returns the version's id */
  async putText(key: string, text: string): Promise<string> {
    return await this.#put(key, { Body: text });
  }

  /** Asks the prediction function with exactly this payload. */
  async predict(payload: string): Promise<Answer> {
    const { FunctionError, Payload } = await this.#lambda.send(
      new InvokeCommand({ FunctionName: this.#outputs.PredictFunctionName, Payload: payload }),
    );
    const answer: unknown = JSON.parse(Payload?.transformToString() ?? 'null');
    if (FunctionError === undefined) return { answer };
    const { errorType, errorMessage } = failureSchema.parse(answer);
    return { error: { name: errorType, message: errorMessage } };
  }

  /** Puts events, in the words of PutEvents. @returns what EventBridge answers. @throws ZodError when there are no entries */
  async putEvents(body: unknown): Promise<unknown> {
    const { $metadata, ...answer } = await this.#events.send(new PutEventsCommand(eventsSchema.parse(body)));
    return answer;
  }

  async #put(
    key: string,
    body: Pick<ConstructorParameters<typeof PutObjectCommand>[0], 'Body' | 'ContentLength'>,
  ): Promise<string> {
    const { VersionId } = await this.#s3.send(
      new PutObjectCommand({ Bucket: this.#outputs.DataBucketName, Key: key, ...body }),
    );
    if (VersionId === undefined) throw new Error(`S3 gave ${key} no version.`);
    return VersionId;
  }
}
