import type { ImageMap } from '../../../containers/images.ts';

/** A serving container in a few lines of JavaScript; `answer` is the body of `(body, request) => [status, text]`. */
const server = (answer: string): string[] => [
  process.execPath,
  '-e',
  `const { createServer } = require('node:http');
   const handle = async (body, request) => { ${answer} };
   createServer(async (request, response) => {
     if (request.url === '/ping') return response.end();
     if (request.url !== '/invocations') return response.writeHead(404).end();
     const chunks = [];
     for await (const chunk of request) chunks.push(chunk);
     const [status, text, headers = {}] = await handle(Buffer.concat(chunks).toString(), request);
     response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(text);
   }).listen(process.env.SAGEMAKER_BIND_TO_PORT, '127.0.0.1');`,
];

/** Containers of users, as small servers. */
export const servers = {
  'user/named:': server("return [200, require('node:fs').readFileSync('model/name', 'utf8')]"),
  'user/echo:': server(
    "return [200, JSON.stringify({ body, headers: request.headers }), { 'x-amzn-sagemaker-custom-attributes': 'answered' }]",
  ),
  'user/process:': server('return [200, String(process.pid)]'),
  'user/slow:': server('await new Promise((resolve) => setTimeout(resolve, 300)); return [200, body]'),
  'user/broken:': server("return [Number(body), 'it is broken']"),
  'user/crashing:': server('process.exit(1)'),
  'user/ending:': ['sh', '-c', 'exit 7'],
  'user/deaf:': ['sh', '-c', 'sleep 100'],
} satisfies ImageMap;
