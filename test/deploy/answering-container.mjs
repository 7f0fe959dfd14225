// A hosting container: answers the sum of each row's numbers times FACTOR. BEHAVIOUR may make it misbehave.
import { createServer } from 'node:http';

const { FACTOR = '1', BEHAVIOUR = 'answers', SAGEMAKER_BIND_TO_PORT: port } = process.env;
if (BEHAVIOUR === 'exits') process.exit(1);

const answers = {
  answers: (rows) => [200, rows.split('\n').map(answerTo).join('\n')],
  fails: () => [500, 'out of memory'],
  refuses: () => [415, 'expected 3 features'],
};

const answerTo = (row) => row.split(',').reduce((sum, field) => sum + Number(field), 0) * Number(FACTOR);

createServer(async (request, response) => {
  if (request.url === '/ping') return response.writeHead(BEHAVIOUR === 'never-healthy' ? 503 : 200).end();
  let rows = '';
  for await (const chunk of request) rows += chunk;
  const [status, body] = (answers[BEHAVIOUR] ?? answers.answers)(rows);
  response.writeHead(status, { 'content-type': 'text/csv' }).end(body);
}).listen(Number(port), '127.0.0.1');

process.on('SIGTERM', () => process.exit(0));
