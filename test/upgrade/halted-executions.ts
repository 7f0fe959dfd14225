import type { Breakpoint, StateMoment } from '@tidemark/region';

/** Where an execution is halted: `train.TrainModel`, or `train.TrainModel submitted` once its job runs. */
export type Place = string;

/** A call of a state that fails, so that an execution goes the way of failures. */
export interface Failure {
  readonly place: Place;
  readonly error: string;
  readonly cause: string;
  /** How many attempts fail. All unless told. */
  readonly times?: number;
}

/** What is to happen to the executions of a model. */
export interface Plan {
  readonly halts: readonly Place[];
  readonly failures: readonly Failure[];
}

const machinePrefix = /^tidemark-dev-/;
export const placeOf = ({ stateMachineName, state, phase }: StateMoment): Place =>
  `${stateMachineName.replace(machinePrefix, '')}.${state}${phase === 'submitted' ? ' submitted' : ''}`;

/** Models of this test, wherever an execution’s input names one. */
const modelPattern = /\bcase-[a-z]+-\d+\b/;
export const modelIn = (text: string): string | undefined => modelPattern.exec(text)?.[0];

/** Halts the first execution of each model that comes to a place of its plan, and lets others pass. */
export class HaltedExecutions {
  readonly #plans = new Map<string, Plan>();
  /** `<model> <place>`, and who is halted there. */
  readonly #halted = new Map<string, string>();
  /** How often calls have failed, by `<model> <place>`. */
  readonly #failed = new Map<string, number>();
  /** Places that any execution has come to. */
  readonly passed = new Set<Place>();

  /** From now on executions of the model are halted, or fail, as planned. Those of no model are `all`’s. */
  plan(model: string, plan: Plan): void {
    this.#plans.set(model, plan);
  }

  readonly breakpoint: Breakpoint = async (moment) => {
    const place = placeOf(moment);
    this.passed.add(place);
    const model = modelIn(JSON.stringify(moment.executionInput)) ?? 'all';
    const plan = this.#plans.get(model);
    if (plan?.halts.includes(place) && this.#isTheOne(`${model} ${place}`, moment.executionArn))
      return await new Promise<never>(() => undefined);
    const failure = plan?.failures.find((each) => each.place === place);
    if (failure === undefined) return undefined;
    const where = `${model} ${place}`;
    const times = this.#failed.get(where) ?? 0;
    if (times >= (failure.times ?? Number.POSITIVE_INFINITY)) return undefined;
    this.#failed.set(where, times + 1);
    return { error: failure.error, cause: failure.cause };
  };

  #isTheOne(where: string, executionArn: string): boolean {
    if (!this.#halted.has(where)) this.#halted.set(where, executionArn);
    return this.#halted.get(where) === executionArn;
  }

  /** The ARN of the execution that is halted there, if one is. */
  execution(model: string, place: Place): string | undefined {
    return this.#halted.get(`${model} ${place}`);
  }

  /** ARNs of what is halted. */
  get executions(): string[] {
    return [...this.#halted.values()];
  }
}
