// A user's own image that misbehaves as its first argument says; the second is the verb of SageMaker's contract.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [behaviour, verb] = process.argv.slice(2);
const base = process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml';
process.on('SIGTERM', () => process.exit(0));

if (verb === 'train') train();
else serve();

function train() {
  if (behaviour === 'fails') {
    mkdirSync(join(base, 'output'), { recursive: true });
    writeFileSync(join(base, 'output/failure'), 'The label column holds 3 kinds of nonsense.');
    process.exit(1);
  }
  if (behaviour === 'hangs') return setInterval(() => {}, 1000);
  writeFileSync(join(base, 'model/model'), behaviour);
}

function serve() {
  const answer = { 'answers-too-little': '', 'answers-no-probability': '-0.5' }[behaviour] ?? '0.5';
  createServer(async (request, response) => {
    if (request.url === '/ping') return response.writeHead(200).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    const rows = body.trimEnd().split('\n');
    const answers = answer === '' ? ['0.5'] : rows.map(() => answer);
    response.writeHead(200, { 'content-type': 'text/csv' }).end(`${answers.join('\n')}\n`);
  }).listen(Number(process.env.SAGEMAKER_BIND_TO_PORT ?? 8080), '127.0.0.1');
}
