import type { Functions } from './functions.ts';

/** The configuration as `GetFunctionConfiguration` answers it, as far as the region knows it. */
export function getFunctionConfiguration(functions: Functions, name: string): Record<string, unknown> {
  const { environment, handler, memoryMegabytes, roleArn, timeoutSeconds } = functions.get(name);
  return {
    FunctionName: name,
    FunctionArn: functions.arn(name),
    Runtime: 'nodejs24.x',
    Role: roleArn,
    Handler: handler,
    Timeout: timeoutSeconds,
    MemorySize: memoryMegabytes,
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: ['arm64'],
    Environment: { Variables: environment },
  };
}

/** `GET /2015-03-31/functions/{name}` */
export const getFunction = (functions: Functions, name: string): Record<string, unknown> => ({
  Configuration: getFunctionConfiguration(functions, name),
});
