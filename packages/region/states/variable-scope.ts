import type { Json } from './machine-definition.schema.ts';
import { payloadBytes } from './payload-limit.ts';

/**
 * The variables of an execution, a branch or an iteration. An inner scope reads the outer ones and assigns only its
 * own; its variables end with it. `validateStateMachine` refuses a name that an outer scope assigns too.
 */
export class VariableScope {
  readonly #outer: VariableScope | undefined;
  readonly #own = new Map<string, Json>();

  constructor(outer?: VariableScope) {
    this.#outer = outer;
  }

  assign(values: Readonly<Record<string, Json>>): void {
    for (const [name, value] of Object.entries(values)) this.#own.set(name, value);
  }

  /** Every variable that is visible here, by name. */
  visible(): Record<string, Json> {
    return { ...this.#outer?.visible(), ...Object.fromEntries(this.#own) };
  }

  /** Size of the visible variables, less those that are about to be replaced. */
  bytesWithout(names: readonly string[]): number {
    return Object.entries(this.visible())
      .filter(([name]) => !names.includes(name))
      .reduce((sum, [, value]) => sum + payloadBytes(value), 0);
  }
}
