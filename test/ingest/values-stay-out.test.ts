import { writeFile } from 'node:fs/promises';
import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { domainEvent } from '@tidemark/domain/events/domain-event.ts';
import { Database } from '@tidemark/statistics/tables/duckdb.client.ts';
import { describe, expect, it } from 'vitest';
import { BatchAcceptance } from '../../functions/ingest/batch-acceptance.ts';
import { UnacceptableFileError } from '../../functions/ingest/data-finding.ts';
import type { FileResult } from '../../functions/ingest/file-result.schema.ts';
import type { AcceptedBefore } from '../../functions/ingest/schema-so-far.ts';
import { SchemaSoFar } from '../../functions/ingest/schema-so-far.ts';
import { validateFile } from '../../functions/ingest/validate-file.ts';
import type { Validation } from '../../functions/ingest/validation.schema.ts';
import { rejection, reportMarkdown } from '../../functions/ingest/validation-report.ts';
import { badFiles, csv, isMarked, mark, rows } from '../support/marked-data.ts';

const model = 'marked';
const definition = definitionSchema.parse({ name: model, problem: 'binary', target: 'churned' });
const object = { bucket: 'data', key: `incoming/${model}/file`, versionId: 'v1' };

/** What a batch of one file is found to be. */
async function judged(text: string, accepted: AcceptedBefore | undefined): Promise<Validation> {
  const finding = await Database.with(1769, async (database): Promise<FileResult['finding']> => {
    const path = database.path('original');
    await writeFile(path, text);
    const { reference } = new SchemaSoFar(definition, accepted);
    try {
      const { part, ...file } = await validateFile(database, path, definition, reference);
      const { path: _, columns: __, ...written } = part;
      return { kind: 'acceptable', ...file, part: { ...written, object, sources: [object] } };
    } catch (error) {
      if (!(error instanceof UnacceptableFileError)) throw error;
      return { kind: 'unacceptable', problems: [...error.problems] };
    }
  });
  const judgement = new BatchAcceptance({ model, batchId: 'batch-00000002', definition, accepted });
  judgement.add({ schemaVersion: 1, object, size: text.length, finding });
  return judgement.validation();
}

describe('data.rejected holds no value of the data, and the report shows them', async () => {
  const good = await judged(csv(rows), undefined);
  const accepted: AcceptedBefore = {
    datasetId: 'ds-0123456789abcdef',
    columns: good.columns,
    targetValues: good.targetValues.map(({ value }) => value),
    parts: 1,
  };

  it('is about files that differ from one that is good', () => {
    expect(good.files).toMatchObject([{ accepted: true }]);
    expect(accepted.targetValues.map((value) => value.slice(0, mark.length))).toEqual([mark, mark]);
  });

  it.each(Object.entries(badFiles))('%s', async (_, { text, shown }) => {
    const validation = await judged(text, accepted);
    const facts = { model, batchId: validation.batchId, reportKey: 'report.md', causeId: 'cause' };
    const event = domainEvent(
      'data.rejected',
      { ...facts, ...rejection(validation, 'report.md') },
      new Date(0),
    );

    expect(validation.files).toMatchObject([{ accepted: false }]);
    expect(isMarked(JSON.stringify(event)) ? event : undefined).toBeUndefined();
    expect(isMarked(reportMarkdown(validation))).toBe(shown);
  });
});
