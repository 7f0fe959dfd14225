import type { Construct } from 'constructs';
import type { Foundation } from '../foundation/foundation.ts';
import { TidemarkFunction, type TidemarkFunctionProps } from './tidemark-function.ts';

type Settings = Omit<TidemarkFunctionProps, 'foundation' | 'capability' | 'name' | 'description'>;

/** Adds the functions of one capability to its construct. What each may do is granted where it is added. */
export class CapabilityFunctions {
  readonly #scope: Construct;
  readonly #foundation: Foundation;
  readonly #capability: string;

  constructor(scope: Construct, foundation: Foundation, capability: string) {
    this.#scope = scope;
    this.#foundation = foundation;
    this.#capability = capability;
  }

  /** @param name of the entry, `functions/<capability>/<name>.lambda.ts`; the construct has it in Pascal case */
  add(name: string, description: string, settings: Settings = {}): TidemarkFunction {
    const id = name.replaceAll(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    return new TidemarkFunction(this.#scope, id, {
      foundation: this.#foundation,
      capability: this.#capability,
      name,
      description,
      ...settings,
    });
  }
}
