import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignatureV4 } from '@smithy/signature-v4';
import { LocalRegion, type RegionEvent } from '../../../index.ts';

type Resources = Record<string, { readonly Type: string; readonly Properties: object }>;

export const ref = (logicalId: string) => ({ Ref: logicalId });
const sub = (text: string) => ({ 'Fn::Sub': text });
const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const roleOf = (service: string | object, ...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: service },
    },
    Policies: statements.map((Statement, index) => ({
      PolicyName: `p${index}`,
      PolicyDocument: { Statement },
    })),
  },
});

/** A route to the function. */
export const route = (RouteKey: string, more: object = {}) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: { ApiId: ref('Api'), RouteKey, Target: sub('integrations/${Answer}'), ...more },
});

/** An API with its stage, a function, and roles that may call `GET /models/churn/…` and nothing. */
const base = (): Resources => ({
  FunctionRole: roleOf({ Service: 'lambda.amazonaws.com' }),
  Function: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
      Handler: 'index.handler',
      Role: arn('FunctionRole'),
      Runtime: 'nodejs24.x',
    },
  },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
  },
  Answer: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref('Api'),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arn('Function'),
      PayloadFormatVersion: '2.0',
    },
  },
  MayInvoke: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: arn('Function'),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: sub('arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*'),
    },
  },
  Reader: roleOf(
    { AWS: sub('arn:aws:iam::${AWS::AccountId}:root') },
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: sub(
        'arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/$default/GET/models/churn/*',
      ),
    },
  ),
  Stranger: roleOf({ AWS: sub('arn:aws:iam::${AWS::AccountId}:root') }),
});

/** What a function of the tests does with an event. */
export type Handler = (event: unknown) => unknown;

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
}

/** A region with one API before one function, which `handler` is. */
export async function startHttpApi({
  resources = {},
  handler = (event) => event,
  issuers,
}: {
  /** Beside the base, or in the place of what it has of that name. */
  readonly resources?: Resources;
  readonly handler?: Handler;
  readonly issuers?: Readonly<Record<string, string>>;
}) {
  const directory = mkdtempSync(join(tmpdir(), 'http-api-'));
  const assembly = join(directory, 'cdk.out');
  writeAssembly(assembly, { ...base(), ...resources });
  const told: RegionEvent[] = [];
  const region = await LocalRegion.start({
    assemblyDirectory: assembly,
    stateDirectory: join(directory, 'state'),
    runFunction: async ({ event }) => await handler(event),
    onEvent: (event) => told.push(event),
    ...(issuers && { issuers }),
  });
  const { ApiUrl: url = '', ApiId: apiId = '', ReaderArn = '', StrangerArn = '' } = region.outputs;
  return {
    region,
    told,
    url,
    apiId,
    roleArns: { reader: ReaderArn, stranger: StrangerArn },
    call: (path: string, sent: Sent = {}) => call(`${url}${path}`, sent),
    callByHost: (path: string) =>
      call(`${new URL(url).origin}${path}`, {
        headers: { host: `${apiId}.execute-api.localhost:${new URL(url).port}` },
      }),
    /** Signed by the SDK's signer, as the person at the laptop or as a role. */
    async callSigned(path: string, roleArn?: string, { method = 'GET', body }: Sent = {}) {
      const { developer } = region.credentials;
      const credentials = roleArn === undefined ? developer : region.credentials.credentialsFor(roleArn);
      const { hostname, host, port, pathname } = new URL(`${url}${path}`);
      const signer = new SignatureV4({
        credentials,
        region: 'eu-west-1',
        service: 'execute-api',
        sha256: Sha256,
      });
      const { headers } = await signer.sign({
        method,
        hostname,
        port: Number(port),
        protocol: 'http:',
        path: pathname,
        headers: { host },
        ...(body !== undefined && { body }),
      });
      return await call(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
    },
    async stop() {
      await region.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

export type HttpApiRegion = Awaited<ReturnType<typeof startHttpApi>>;

function writeAssembly(directory: string, Resources: Resources): void {
  mkdirSync(join(directory, 'asset.code'), { recursive: true });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(directory, name), JSON.stringify(content));
  const destination = { bucketName: 'assets', objectKey: 'code.zip' };
  write('assets.json', {
    files: {
      code: { source: { path: 'asset.code', packaging: 'zip' }, destinations: { here: destination } },
    },
  });
  write('manifest.json', {
    version: '55.0.0',
    artifacts: {
      'api.assets': { type: 'cdk:asset-manifest', properties: { file: 'assets.json' } },
      api: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
        properties: { templateFile: 'api.template.json' },
        dependencies: ['api.assets'],
      },
    },
  });
  write('api.template.json', {
    Resources,
    Outputs: {
      ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
      ApiId: { Value: ref('Api') },
      ReaderArn: { Value: arn('Reader') },
      StrangerArn: { Value: arn('Stranger') },
    },
  });
}

/** Plain HTTP, without what `fetch` adds, joins or refuses. */
function call(url: string, { method = 'GET', headers = {}, body }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const path = url.slice(url.indexOf('/', 'http://'.length));
    const sending = request({ hostname, port, path, method, headers }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: bytes.toString(), bytes });
    });
    sending.on('error', reject);
    sending.end(body);
  });
}

/** What the signer hashes with. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bufferOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bufferOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('The signer uses no hash twice.');
  }
}

function bufferOf(data: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof data === 'string') return Buffer.from(data);
  return data instanceof ArrayBuffer
    ? Buffer.from(data)
    : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
