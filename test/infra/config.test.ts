import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../infra/config.ts';
import { appWithContext } from '../support/templates.ts';

/** Reads the configuration as the app does: `cdk.json`'s `tidemark` object, and `-c stage=prod` from the command line. */
function read(tidemark: unknown, commandLine: Record<string, string> = {}) {
  return readConfig(new App({ context: { tidemark, ...commandLine } }).node);
}

describe('the configuration', () => {
  it('needs nothing: everything has a safe default', () => {
    expect(readConfig(new App().node)).toEqual({
      stage: 'dev',
      removalPolicy: 'retain',
      encryption: 'aws',
      logRetentionDays: 90,
      auditRetentionDays: 365,
      captureRetentionDays: 365,
      tracing: false,
      xgboostVersion: '1.7-1',
      limits: {
        serverlessMaxConcurrency: 10,
        serverlessEndpoints: 50,
        instances: {},
        trainingMinutes: 1440,
        networkIsolation: 'always',
      },
      roles: { path: '/' },
      tags: {},
    });
  });

  it('in cdk.json is valid', () => {
    expect(readConfig(appWithContext().node)).toMatchObject({ stage: expect.any(String) });
  });

  it('is read from cdk.json', () => {
    expect(read({ stage: 'test', limits: { trainingMinutes: 30 } })).toMatchObject({
      stage: 'test',
      limits: { trainingMinutes: 30, serverlessMaxConcurrency: 10 },
    });
  });

  const stages = { dev: {}, prod: { encryption: 'customer', logRetentionDays: 365 } };

  it('of a stage is what all stages have, and on top of it what the stage has', () => {
    expect(read({ logRetentionDays: 30, stages }, { stage: 'prod' })).toMatchObject({
      stage: 'prod',
      encryption: 'customer',
      logRetentionDays: 365,
    });
    expect(read({ logRetentionDays: 30, stages }, { stage: 'dev' })).toMatchObject({
      stage: 'dev',
      encryption: 'aws',
      logRetentionDays: 30,
    });
  });

  it('of a single stage needs no stage on the command line; without stages any may be named', () => {
    expect(read({ stages: { prod: stages.prod } })).toMatchObject({ stage: 'prod', encryption: 'customer' });
    expect(read({}, { stage: 'test' })).toMatchObject({ stage: 'test' });
  });

  it('refuses to guess which of several stages is meant: a second installation is made by mistake else', () => {
    expect(() => read({ stages })).toThrow(/-c stage=dev or -c stage=prod/);
    expect(() => read({ stages }, { stage: 'pord' })).toThrow(/no stage pord/);
  });

  it.each([
    { encryption: 'customer' },
    { alarmEmail: 'ml@example.com' },
    { vpc: '{"subnetIds":["subnet-1"],"securityGroupIds":["sg-1"]}' },
  ])('refuses $0 on the command line, which the next deployment would forget', (setting) => {
    expect(() => read({ stages }, { stage: 'prod', ...setting })).toThrow(
      new RegExp(`not ${Object.keys(setting)[0]}.*cdk\\.json, context, tidemark, stages, prod`),
    );
  });

  it.each([
    { tidemark: { stage: 'Production' }, says: [/stage/, /1 to 8 lower-case letters or digits/] },
    { tidemark: { stage: 'a-b' }, says: [/stage/] },
    { tidemark: { stages: 'prod' }, says: [/stages/, /expected record/] },
    { tidemark: { stages: { dev: { encrypt: 'aws' } } }, says: [/Unrecognized key: "encrypt"/] },
    { tidemark: { removalPolicy: 'delete' }, says: [/removalPolicy/, /"retain"\|"destroy"/] },
    { tidemark: { encryption: 'none' }, says: [/encryption/, /"aws"\|"customer"/] },
    { tidemark: { vpc: { subnetIds: [] } }, says: [/vpc\.subnetIds/, /vpc\.securityGroupIds/] },
    {
      tidemark: { vpc: { subnetIds: ['vpc-1'], securityGroupIds: ['sg-1'] } },
      says: [/must begin with subnet-/],
    },
    { tidemark: { roles: { path: 'ml' } }, says: [/roles\.path/, /begin and end with a slash/] },
    { tidemark: { roles: { namePrefix: 'a-prefix-that-is-too-long' } }, says: [/roles\.namePrefix/, /16/] },
    {
      tidemark: { roles: { permissionsBoundary: 'arn:aws:iam::1:role/x' } },
      says: [/permissionsBoundary/, /policy/],
    },
    { tidemark: { tags: { 'aws:x': 'y' } }, says: [/tags/, /none that begins with aws:/] },
    { tidemark: { tags: { 'tidemark:stage': 'y' } }, says: [/tags/] },
    { tidemark: { tags: { x: 'y<' } }, says: [/tags\.x/] },
    { tidemark: { bootstrapQualifier: 'Too-long-for-it' }, says: [/bootstrapQualifier/] },
    { tidemark: { predictConcurrency: 0 }, says: [/predictConcurrency/] },
    { tidemark: { alarmEmail: 'nobody' }, says: [/alarmEmail/, /email/] },
    { tidemark: { logRetentionDays: 45 }, says: [/logRetentionDays/, /30\|90/] },
    { tidemark: { auditRetentionDays: 0 }, says: [/auditRetentionDays/] },
    { tidemark: { captureRetentionDays: 30 }, says: [/captureRetentionDays/, /60/] },
    { tidemark: { xgboostVersion: '1.7' }, says: [/xgboostVersion/, /1\.7-1/] },
    { tidemark: { limits: { serverlessMaxConcurrency: 0 } }, says: [/limits\.serverlessMaxConcurrency/] },
    { tidemark: { limits: { instances: { large: 1 } } }, says: [/limits\.instances/] },
    { tidemark: { limits: { minutes: 1 } }, says: [/limits/, /minutes/] },
  ])('refuses $tidemark by name, and says what is right', ({ tidemark, says }) => {
    expect(() => read(tidemark)).toThrow(/cdk\.json, context, tidemark/);
    for (const sentence of says) expect(() => read(tidemark)).toThrow(sentence);
  });

  it('names everything that is wrong at once', () => {
    expect(() => read({ stage: 'X', encryption: 'none' })).toThrow(/stage[\s\S]*encryption/);
  });
});
