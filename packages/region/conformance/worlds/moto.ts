import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { services } from '../services.ts';
import { clientsOf } from './clients.ts';
import { startServer } from './server.ts';
import { type Implementation, place, type World } from './world.ts';

/** The release that the table of meant differences was written for. */
export const motoVersion = '5.2.5';

/** Where `npm run conformance` looks for moto, and how to get it there. */
export const motoAdvice = `Install moto into a virtual environment outside the repository and name its Python:
  python3 -m venv ~/.cache/tidemark-conformance
  ~/.cache/tidemark-conformance/bin/pip install 'moto[server]==${motoVersion}' jsonata-python==0.7.1
  CONFORMANCE_PYTHON=~/.cache/tidemark-conformance/bin/python npm run conformance`;

/** Any credentials will do for moto. */
const credentials = { accessKeyId: 'conformance', secretAccessKey: 'conformance' };

/** The Python that has moto: `CONFORMANCE_PYTHON`, the advised environment, or `python3`. */
export function pythonWithMoto(): { python: string; version: string } | undefined {
  const advised = `${process.env.HOME ?? ''}/.cache/tidemark-conformance/bin/python`;
  const candidates = process.env.CONFORMANCE_PYTHON
    ? [process.env.CONFORMANCE_PYTHON]
    : [...(existsSync(advised) ? [advised] : []), 'python3'];
  for (const python of candidates) {
    const { status, stdout } = spawnSync(python, ['-c', 'import moto.server; print(moto.__version__)'], {
      encoding: 'utf8',
    });
    if (status === 0) return { python, version: stdout.trim() };
  }
  return undefined;
}

/** moto's server, with its interpreter of state machines switched on. */
export async function moto({
  python,
  version,
}: {
  python: string;
  version: string;
}): Promise<Implementation> {
  const server = await startServer(python, (port) => ['-m', 'moto.server', '-H', '127.0.0.1', '-p', port], {
    AWS_DEFAULT_REGION: place.region,
  });
  const post = async (path: string, body: unknown) => {
    const answer = await fetch(`${server.endpoint}/moto-api/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`moto answered ${answer.status} to ${path}.`);
  };
  await post('config', { stepfunctions: { execute_state_machine: true } });
  return {
    title: `moto ${version}`,
    services,
    async fresh() {
      await post('reset', {});
      return worldOf(server.endpoint);
    },
    stop: () => server.stop(),
  };
}

function worldOf(endpoint: string): World {
  const clients = clientsOf(endpoint, credentials);
  return {
    ...clients,
    async bucket(Bucket, versioning) {
      const CreateBucketConfiguration = { LocationConstraint: place.region };
      await clients.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
      const put = async (Status: 'Enabled' | 'Suspended') =>
        clients.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
      if (versioning !== undefined) await put('Enabled');
      if (versioning === 'Suspended') await put('Suspended');
    },
    async queue(QueueName) {
      return (await clients.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl;
    },
  };
}
