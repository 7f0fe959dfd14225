// The process in which a function runs: loads its handler once, then answers one invocation after another over IPC.
// Plain JavaScript without dependencies, because it is on the path of every cold start.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { delimiter, join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const taskRoot = process.env.LAMBDA_TASK_ROOT;
const [fileName, exportName] = splitHandler(process.env._HANDLER);

// A region that is gone leaves no worker behind.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches every process of a terminal. The region ends its workers itself, once it has noted where things are.
process.on('SIGINT', () => undefined);
process.on('unhandledRejection', (reason) => {
  say('error', { report: reportOf(reason, 'Runtime.UnhandledPromiseRejection') });
  process.exitCode = 1;
  process.disconnect();
});

try {
  const handler = await loadHandler();
  process.on('message', (invocation) => answer(handler, invocation));
  process.send({ type: 'ready' });
} catch (error) {
  process.send({ type: 'failed-start', report: reportOf(error) });
}

async function answer(handler, { payload, context, deadline }) {
  try {
    const result = await handler(JSON.parse(payload), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    say('result', { payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    print(context.awsRequestId, error);
    say('error', { report: reportOf(error) });
  }
}

/**
 * What AWS's runtime prints of an error that a handler throws, in its text format: name, message, code, the fields that can be enumerated, and
 * the stack, as one line of JSON (Errors.js and LogPatch.js of aws/aws-lambda-nodejs-runtime-interface-client).
 */
function print(requestId, error) {
  const text = JSON.stringify(error, (_, value) =>
    value instanceof Error
      ? {
          errorType: value.name,
          errorMessage: value.message,
          code: value.code,
          ...value,
          stack: String(value.stack).split('\n'),
        }
      : value,
  );
  console.error(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error \t${text}`);
}

/** How an invocation has ended, and what the process holds from now on. */
function say(type, message) {
  process.send({ type, ...message, memoryBytes: process.memoryUsage.rss() });
}

async function loadHandler() {
  const file = ['.mjs', '.js', '.cjs']
    .map((extension) => join(taskRoot, fileName + extension))
    .find(existsSync);
  if (file === undefined) throw named('Runtime.ImportModuleError', `Error: Cannot find module '${fileName}'`);
  resolveImportsThroughNodePath();
  const loaded = await import(pathToFileURL(file).href).catch((error) => {
    if (error instanceof SyntaxError) throw named('Runtime.UserCodeSyntaxError', String(error), error);
    if (error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'MODULE_NOT_FOUND') {
      throw named('Runtime.ImportModuleError', String(error), error);
    }
    throw error;
  });
  const handler =
    exportName.split('.').reduce((owner, name) => owner?.[name], loaded.default ?? loaded) ??
    exportName.split('.').reduce((owner, name) => owner?.[name], loaded);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${process.env._HANDLER} is undefined or not exported`);
  }
  // The nodejs24.x runtime has no callbacks any more.
  if (handler.length >= 3) {
    throw named(
      'Runtime.CallbackHandlerDeprecated',
      'Callback-based handlers are not supported from Node.js 24 on; use an async function.',
    );
  }
  return handler;
}

/** As in AWS's runtime, `import` finds the packages of layers too, which Node itself does for `require` only. */
function resolveImportsThroughNodePath() {
  const layers = (process.env.NODE_PATH ?? '')
    .split(delimiter)
    // Node looks in the directories above the code anyway; hooks would cost a cold start more than everything else.
    .filter((path) => path !== '' && !taskRoot.startsWith(join(path, '..') + sep));
  if (layers.length === 0) return;
  if (module.registerHooks === undefined) {
    // Node before 22.15: hooks run in a thread of their own and come as source text.
    module.register(`data:text/javascript,${encodeURIComponent(hookSource(layers))}`);
    return;
  }
  module.registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !isPackage(specifier)) throw error;
        for (const parentURL of parentsOf(layers)) {
          try {
            return next(specifier, { ...context, parentURL });
          } catch {
            // Not in this layer: try the next, and report the first error when none has it.
          }
        }
        throw error;
      }
    },
  });
}

function hookSource(layers) {
  return `
    export async function resolve(specifier, context, next) {
      try {
        return await next(specifier, context);
      } catch (error) {
        if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !(${isPackage})(specifier)) throw error;
        for (const parentURL of ${JSON.stringify(parentsOf(layers))}) {
          try { return await next(specifier, { ...context, parentURL }); } catch {}
        }
        throw error;
      }
    }`;
}

function isPackage(specifier) {
  return /^(@|\w)/.test(specifier) && !/^\w+:/.test(specifier);
}

/** Modules beside each `node_modules`: what they would find is what the layer has. */
function parentsOf(layers) {
  return layers.map((path) => pathToFileURL(join(path, '..', 'importer.js')).href);
}

/** `dir/index.handler` is the export `handler` of `dir/index`. */
function splitHandler(handler) {
  const slash = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', slash);
  return [handler.slice(0, dot), handler.slice(dot + 1)];
}

function named(name, message, cause) {
  return Object.assign(new Error(message), { name, stack: cause?.stack });
}

/** An error as Lambda reports it. */
function reportOf(error, errorType = undefined) {
  if (!(error instanceof Error)) {
    return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
  }
  return {
    errorType: errorType ?? error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n'),
  };
}
