import * as z from 'zod';
import { resourceType } from '../resource-type.ts';

export const lambdaFunction = resourceType({
  type: 'AWS::Lambda::Function',
  properties: {
    FunctionName: z.string().optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    Handler: z.string(),
    Role: z.string(),
    Runtime: z.literal('nodejs24.x'),
    MemorySize: z.int().default(128),
    Timeout: z.int().default(3),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
    /** What a function prints goes to the region's own files; its role must be allowed to write to this group. */
    LoggingConfig: z.looseObject({ LogGroup: z.string().optional() }).optional(),
    /** Only layers of this template: their packages come from a folder of this machine, see the layer's type. */
    Layers: z.array(z.string().regex(/:layer:/)).default([]),
  },
  ignored: {
    Architectures: 'handlers are JavaScript, and run on the laptop’s own processor',
    Description: 'for people',
    EphemeralStorage: 'the laptop’s disk is the limit',
    ReservedConcurrentExecutions: 'the laptop’s processors are the limit',
    Tags: 'nothing reads them',
    TracingConfig: 'there is no X-Ray to send traces to',
    VpcConfig: 'a laptop has one network, and every service of the region is in it',
  },
  async apply(properties, context) {
    const { Code, Handler, Role, MemorySize, Timeout, Environment, LoggingConfig } = properties;
    const { path, packaging } = context.asset(Code.S3Bucket, Code.S3Key);
    if (packaging !== 'zip') throw context.error('the code must be a directory', 'Code');
    const functionName = properties.FunctionName ?? context.name({ maximum: 64 });
    const arn = await context.services.lambda.createFunction({
      name: functionName,
      codeDirectory: path,
      handler: Handler,
      environment: Environment?.Variables ?? {},
      timeoutSeconds: Timeout,
      memoryMegabytes: MemorySize,
      roleArn: Role,
      ...(context.constructPath !== undefined && { constructPath: context.constructPath }),
      ...(LoggingConfig?.LogGroup !== undefined && { logGroup: LoggingConfig.LogGroup }),
    });
    return { ref: functionName, attributes: { Arn: arn } };
  },
  // Functions are made again at every start, so one that the template no longer has is not there; its versions are.
  remove: (name, { lambda }) => lambda.deleteFunction(name),
});
