import { createRequire } from 'node:module';
import { AlgorithmError } from './errors.ts';
import { type Matrix, MISSING_SENTINEL } from './matrix.ts';

/** The part of the Emscripten module `ml-xgboost/dist/wasm/xgboost.js` used here. */
interface XGBoostModule {
  readonly isReady: Promise<XGBoostModule>;
  /** Views of the heap; replaced whenever the heap grows, so read afresh after every call. */
  readonly HEAPF32: Float32Array;
  readonly HEAPU8: Uint8Array;
  print: (line: unknown) => void;
  printErr: (line: unknown) => void;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _create_model(values: number, labels: number, rows: number, columns: number): number;
  _train_full_model(model: number, rounds: number): void;
  _predict_one(model: number, row: number, columns: number, output: number): number;
  _save_model(model: number): number;
  _get_file_content(buffer: number, bytes: number): void;
  _load_model(buffer: number, bytes: number): number;
  _free_memory_model(model: number): void;
  cwrap(name: string, result: null, args: readonly string[]): (...args: unknown[]) => void;
}

const FLOAT_BYTES = 4;

/** What the 32-bit heap can hold, less room for XGBoost's own copies of the data. */
const MAX_CELLS = 80_000_000;

/**
 * XGBoost 0.7 compiled to WebAssembly, by npm's `ml-xgboost`. Its wrapper passes arrays on the 5 MB stack and so
 * breaks at about a million cells; this one writes straight into the heap.
 */
export class XGBoost {
  readonly #module: XGBoostModule;
  readonly #setParameter: (...args: unknown[]) => void;
  /** What XGBoost printed last: all there is to explain an abort. */
  readonly #printed: string[] = [];

  private constructor(module: XGBoostModule) {
    this.#module = module;
    this.#setParameter = module.cwrap('set_param', null, ['number', 'string', 'string']);
    const remember = (line: unknown): void => {
      this.#printed.push(String(line));
      if (this.#printed.length > 20) this.#printed.shift();
    };
    module.print = remember;
    module.printErr = remember;
  }

  static async load(): Promise<XGBoost> {
    return new XGBoost(await loadModule());
  }

  /** A booster over training data, before its first round. */
  create(matrix: Matrix, parameters: Readonly<Record<string, string>>): Booster {
    if (matrix.rows * matrix.columns > MAX_CELLS) {
      throw new AlgorithmError(
        `${matrix.rows} rows of ${matrix.columns} features do not fit the local stand-in, which holds ${MAX_CELLS} values.`,
      );
    }
    return this.#guard(() => {
      const values = this.#allocateValues(matrix.values);
      const labels = this.#allocate(matrix.labels);
      const handle = this.#module._create_model(values, labels, matrix.rows, matrix.columns);
      this.#module._free(values);
      this.#module._free(labels);
      for (const [name, value] of Object.entries(parameters)) this.#setParameter(handle, name, value);
      return new Booster(this, handle);
    });
  }

  /** A booster from a model file, to predict with. */
  restore(file: Uint8Array): Booster {
    return this.#guard(() => {
      const buffer = this.#module._malloc(file.length);
      this.#module.HEAPU8.set(file, buffer);
      const handle = this.#module._load_model(buffer, file.length);
      this.#module._free(buffer);
      return new Booster(this, handle);
    });
  }

  /** @internal for `Booster` */
  train(handle: number, rounds: number): void {
    this.#guard(() => this.#module._train_full_model(handle, rounds));
  }

  /** @internal for `Booster` */
  save(handle: number): Uint8Array {
    return this.#guard(() => {
      const bytes = this.#module._save_model(handle);
      const buffer = this.#module._malloc(bytes);
      this.#module._get_file_content(buffer, bytes);
      const file = this.#module.HEAPU8.slice(buffer, buffer + bytes);
      this.#module._free(buffer);
      return file;
    });
  }

  /** @internal for `Booster` */
  predict(handle: number, row: Float32Array, outputs: number): Float32Array {
    return this.#guard(() => {
      const input = this.#allocateValues(row);
      const output = this.#module._malloc(outputs * FLOAT_BYTES);
      this.#module._predict_one(handle, input, row.length, output);
      const start = output / FLOAT_BYTES;
      const prediction = this.#module.HEAPF32.slice(start, start + outputs);
      this.#module._free(input);
      this.#module._free(output);
      return prediction;
    });
  }

  #allocate(values: Float32Array): number {
    const pointer = this.#module._malloc(values.length * FLOAT_BYTES);
    if (pointer === 0) throw new AlgorithmError('The data does not fit the memory of the local stand-in.');
    this.#module.HEAPF32.set(values, pointer / FLOAT_BYTES);
    return pointer;
  }

  #allocateValues(values: Float32Array): number {
    const pointer = this.#allocate(values);
    const heap = this.#module.HEAPF32.subarray(pointer / FLOAT_BYTES, pointer / FLOAT_BYTES + values.length);
    for (let at = 0; at < heap.length; at += 1) if (Number.isNaN(heap[at])) heap[at] = MISSING_SENTINEL;
    return pointer;
  }

  /** Emscripten throws a string when XGBoost aborts; its last words are on the captured output. */
  #guard<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      if (error instanceof Error && error.name !== 'RuntimeError') throw error;
      throw new AlgorithmError(`XGBoost gave up: ${this.#printed.join(' ').slice(0, 800) || String(error)}`);
    }
  }
}

/** One model in XGBoost's memory. */
export class Booster {
  readonly #xgboost: XGBoost;
  readonly #handle: number;

  constructor(xgboost: XGBoost, handle: number) {
    this.#xgboost = xgboost;
    this.#handle = handle;
  }

  /** Grows the trees of some more rounds; n calls of one round equal one call of n, byte for byte. */
  train(rounds: number): void {
    this.#xgboost.train(this.#handle, rounds);
  }

  /** The model in XGBoost's binary format. */
  save(): Uint8Array {
    return this.#xgboost.save(this.#handle);
  }

  /** XGBoost's own prediction for a row of a `Matrix`. */
  predict(row: Float32Array, outputs: number): Float32Array {
    return this.#xgboost.predict(this.#handle, row, outputs);
  }
}

/**
 * Loads the module without its side effects: compiling by stream needs a URL, so in Node it always fails and prints
 * so; and its handler of uncaught exceptions would replace ours.
 */
async function loadModule(): Promise<XGBoostModule> {
  const before = process.listeners('uncaughtException');
  const webAssembly: object = Reflect.get(globalThis, 'WebAssembly');
  const streaming: unknown = Reflect.get(webAssembly, 'instantiateStreaming');
  Reflect.set(webAssembly, 'instantiateStreaming', undefined);
  try {
    const module: XGBoostModule = createRequire(import.meta.url)('ml-xgboost/dist/wasm/xgboost.js');
    return await module.isReady;
  } finally {
    Reflect.set(webAssembly, 'instantiateStreaming', streaming);
    for (const listener of process.listeners('uncaughtException')) {
      if (!before.includes(listener)) process.off('uncaughtException', listener);
    }
  }
}
