import { answerOf, errorAnswerOf } from './compared-answer.ts';
import type { ServiceName } from './services.ts';
import type { World } from './worlds/world.ts';

/** A request sequence that two implementations are put through. It must not depend on which of them answers. */
export interface Scenario {
  readonly service: ServiceName;
  readonly name: string;
  readonly run: (world: World, steps: Steps) => Promise<void>;
}

/** What one request was answered. */
export interface LabelledAnswer {
  /** The operation, and what is particular about this request: `PutObject with a wrong MD5`. */
  readonly label: string;
  readonly answer: unknown;
}

/** Sends requests and notes the answers. */
export class Steps {
  readonly all: LabelledAnswer[] = [];

  /**
   * Notes the answer, or the error as an answer.
   * @param label begins with the operation's name, and is unique in its scenario
   * @returns the answer, so that later requests can name what it named; empty if it was an error
   */
  async call<Output extends object>(label: string, request: () => Promise<Output>): Promise<Partial<Output>> {
    if (this.all.some((step) => step.label === label)) throw new Error(`Two steps are called '${label}'.`);
    try {
      const output = await request();
      this.all.push({ label, answer: await answerOf(output) });
      return output;
    } catch (error) {
      this.all.push({ label, answer: errorAnswerOf(error, label) });
      return {};
    }
  }

  /** Notes something that was found out by several requests, such as the end of an execution. */
  note(label: string, answer: unknown): void {
    this.all.push({ label, answer });
  }
}
