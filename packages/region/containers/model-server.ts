import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer } from './http-call.ts';
import type { ContainerInvocation, ModelContainer } from './model-container.ts';

/** Answers invocations of one model, by containers that it starts and ends. */
export interface ModelServer {
  /** Resolves when a container is healthy; throws why none is. */
  ready(): Promise<void>;
  invoke(invocation: ContainerInvocation): Promise<HttpAnswer>;
  /** Lets invocations under way finish, for so long at most, and ends its containers for good. */
  stop(graceSeconds?: number): Promise<void>;
}

/** Starts a container for a server; the signal says that no caller waits for it any more. */
export type StartContainer = (signal: AbortSignal) => Promise<ModelContainer>;

/** SageMaker's grace for a hosting container. */
const STOP_GRACE_SECONDS = 30;

/** A server whose container always runs: instances. Starts anew when it has ended by itself. */
export class AlwaysOnServer implements ModelServer {
  readonly #start: StartContainer;
  readonly #stopping = new AbortController();
  readonly #invocations = new Set<Promise<unknown>>();
  #container: Promise<ModelContainer> | undefined;

  constructor(start: StartContainer) {
    this.#start = start;
  }

  async ready(): Promise<void> {
    await this.#running();
  }

  async invoke(invocation: ContainerInvocation): Promise<HttpAnswer> {
    const answer = this.#running().then((container) => container.invoke(invocation));
    const settled = answer.catch(() => undefined);
    this.#invocations.add(settled);
    void settled.then(() => this.#invocations.delete(settled));
    return answer;
  }

  async stop(graceSeconds = STOP_GRACE_SECONDS): Promise<void> {
    this.#stopping.abort();
    await this.#drain(graceSeconds);
    const container = await this.#container?.catch(() => undefined);
    await container?.stop(graceSeconds);
  }

  async #drain(graceSeconds: number): Promise<void> {
    const drained = new AbortController();
    const patience = delay(graceSeconds * 1000, undefined, { signal: drained.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#invocations), patience]);
    drained.abort();
  }

  #running(): Promise<ModelContainer> {
    if (this.#stopping.signal.aborted) return Promise.reject(new Error('The model server is stopped.'));
    this.#container ??= this.#startWatched();
    return this.#container;
  }

  async #startWatched(): Promise<ModelContainer> {
    const forget = (): void => {
      this.#container = undefined;
    };
    try {
      const container = await this.#start(this.#stopping.signal);
      void container.exited.then(forget);
      return container;
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** A server that ends its container when no request has come for a while: serverless. */
export class OnDemandServer implements ModelServer {
  readonly #start: StartContainer;
  readonly #idleMilliseconds: number;
  #server: AlwaysOnServer;
  #users = 0;
  #retirement: NodeJS.Timeout | undefined;
  #retired: AlwaysOnServer | undefined;
  #stopped = false;

  constructor(start: StartContainer, idleMilliseconds: number) {
    this.#start = start;
    this.#idleMilliseconds = idleMilliseconds;
    this.#server = new AlwaysOnServer(start);
  }

  ready(): Promise<void> {
    return this.#using((server) => server.ready());
  }

  invoke(invocation: ContainerInvocation): Promise<HttpAnswer> {
    return this.#using((server) => server.invoke(invocation));
  }

  async stop(graceSeconds?: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retirement);
    await Promise.all([this.#server.stop(graceSeconds), this.#retired?.stop(graceSeconds)]);
  }

  async #using<T>(work: (server: ModelServer) => Promise<T>): Promise<T> {
    clearTimeout(this.#retirement);
    this.#users += 1;
    try {
      return await work(this.#server);
    } finally {
      this.#users -= 1;
      if (this.#users === 0 && !this.#stopped) this.#retireLater();
    }
  }

  #retireLater(): void {
    this.#retirement = setTimeout(() => {
      this.#retired = this.#server;
      this.#server = new AlwaysOnServer(this.#start);
      void this.#retired.stop();
    }, this.#idleMilliseconds);
    this.#retirement.unref();
  }
}
