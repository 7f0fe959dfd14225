import { parseArgs } from 'node:util';
import { inOrder } from '@tidemark/domain/datasets/in-order.ts';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { BatchAcceptance } from '../functions/ingest/batch-acceptance.ts';
import { fileResultSchema } from '../functions/ingest/file-result.schema.ts';
import { fileResultTexts } from './file-results.ts';

/**
 * Judges a batch of many small files as `ingest` does, without S3, and prints time and peak memory as JSON:
 * `node --max-old-space-size=921 --import tsx bench/many-files.ts --files 10000`, which is the heap that the function would have.
 */
const { values } = parseArgs({ options: { files: { type: 'string', default: '10000' } } });

/** A small file; its columns still have up to a thousand different values. */
const rowsPerFile = 1000;

/** As `judge-batch` reads files of so few columns. */
const resultsAtOnce = 12;

const judgement = new BatchAcceptance({
  model: 'many-files',
  batchId: 'batch-00000001',
  definition: definitionSchema.parse({
    name: 'many-files',
    problem: 'binary',
    target: { column: 'float-0', above: 15 },
  }),
  accepted: undefined,
});
let [bytes, mostHeld, milliseconds] = [0, 0, 0];
const read = async (text: string) => {
  bytes += text.length;
  return timed(() => fileResultSchema.parse(JSON.parse(text)));
};
const texts = fileResultTexts(Number(values.files), rowsPerFile);
for await (const result of inOrder(texts, () => resultsAtOnce, read)) {
  timed(() => judgement.add(result));
  mostHeld = Math.max(mostHeld, judgement.heldProfiles);
}
const text = timed(() => JSON.stringify(judgement.validation()));
console.log(
  JSON.stringify({
    files: Number(values.files),
    rows: Number(values.files) * rowsPerFile,
    resultMegabytes: Math.round(bytes / 1e6),
    validationMegabytes: Math.round(text.length / 1e6),
    mostProfilesHeld: mostHeld,
    // Without making the files up.
    judgingSeconds: Math.round(milliseconds / 100) / 10,
    // Kilobytes, whatever Node's documentation of the platform says.
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1000),
  }),
);

function timed<T>(work: () => T): T {
  const started = performance.now();
  const result = work();
  milliseconds += performance.now() - started;
  return result;
}
