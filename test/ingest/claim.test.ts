import { definitionSchema } from '@tidemark/domain/definition/definition.schema.ts';
import { comparableSequencer } from '@tidemark/domain/events/sequencer.ts';
import { describe, expect, it } from 'vitest';
import { parseArrivalKey } from '../../functions/ingest/arrival-key.ts';
import type { ArrivalClaim, BatchesRecord } from '../../functions/ingest/batch.schema.ts';
import { type ArrivalDecision, decideArrival } from '../../functions/ingest/claim.ts';

const me = 'execution-me';

interface Case {
  readonly title: string;
  readonly key?: string;
  readonly ingestion?: Readonly<Record<string, unknown>>;
  readonly unknownModel?: true;
  readonly lifecycle?: 'retired';
  readonly claim?: Partial<ArrivalClaim>;
  readonly batches?: BatchesRecord;
  readonly sequencer?: string;
  readonly decision: Partial<ArrivalDecision>;
}

const cases: Case[] = [
  {
    title: 'the first arrival opens the first batch',
    decision: { kind: 'open' },
  },
  {
    title: 'an arrival after a closed batch opens the next',
    batches: { lastNumber: 7 },
    decision: { kind: 'open' },
  },
  {
    title: 'a later arrival joins the open batch',
    batches: { lastNumber: 7, openBatch: 'batch-00000007', signedBy: 'execution-other' },
    decision: { kind: 'join', batchId: 'batch-00000007' },
  },
  {
    title: 'each file may be a batch',
    ingestion: { complete: 'each-file' },
    decision: { kind: 'own-batch' },
  },
  {
    title: 'a marker completes its folder',
    key: 'incoming/m/may/_SUCCESS',
    ingestion: { complete: 'marker' },
    decision: { kind: 'collect', folder: 'incoming/m/may/' },
  },
  {
    title: 'a file waits for its marker',
    ingestion: { complete: 'marker' },
    decision: { kind: 'nothing', message: expect.stringContaining('waits for _SUCCESS') },
  },
  {
    title: 'a marker is nothing where markers are not asked for',
    key: 'incoming/m/may/_SUCCESS',
    decision: { kind: 'nothing', message: expect.stringContaining('not data') },
  },
  {
    title: 'a version that another execution has taken is a repeat',
    claim: { owner: 'execution-other' },
    decision: { kind: 'nothing', message: expect.stringContaining('was taken by execution-other') },
  },
  {
    title: 'a version that this execution has taken is gone on with',
    claim: { owner: me, batchId: 'batch-00000003' },
    decision: { kind: 'go-on', batchId: 'batch-00000003' },
  },
  {
    title: 'a newer version is taken after an older one',
    claim: { versionId: 'v1', sequencer: comparableSequencer('0f') },
    sequencer: '0f1',
    decision: { kind: 'open' },
  },
  {
    title: 'an older version is not taken after a newer one',
    claim: { versionId: 'v3', sequencer: comparableSequencer('10') },
    sequencer: '0FFF',
    decision: { kind: 'nothing', message: expect.stringContaining('version v3 is newer') },
  },
  {
    title: 'a file without a model waits for it',
    unknownModel: true,
    decision: { kind: 'wait-for-model', message: expect.stringContaining('Drop definitions/m.yaml') },
  },
  {
    title: 'a file waits for a retired model',
    lifecycle: 'retired',
    decision: {
      kind: 'wait-for-model',
      message: expect.stringMatching(
        /is retired.*`lifecycle: active`\. The file is then taken up automatically/,
      ),
    },
  },
  {
    title: 'a marker waits for a retired model',
    key: 'incoming/m/may/_SUCCESS',
    ingestion: { complete: 'marker' },
    lifecycle: 'retired',
    decision: { kind: 'wait-for-model' },
  },
  {
    title: 'what was taken before its model was retired is gone on with',
    claim: { owner: me, batchId: 'batch-00000003' },
    lifecycle: 'retired',
    decision: { kind: 'go-on', batchId: 'batch-00000003' },
  },
  {
    title: 'a hidden file without a model is nothing',
    key: 'incoming/m/_x',
    unknownModel: true,
    decision: { kind: 'nothing' },
  },
];

describe('deciding on an arrival:', () => {
  it.each(cases)(
    '$title',
    ({ key = 'incoming/m/a.csv', claim, batches, sequencer = '10', decision, unknownModel, ...more }) => {
      const definition = definitionSchema.parse({
        name: 'mm',
        problem: 'binary',
        target: 'late',
        ingestion: more.ingestion,
        lifecycle: more.lifecycle,
      });
      const taken: ArrivalClaim = {
        capability: 'ingest',
        delivery: `s3://data/${key}`,
        owner: 'execution-other',
        claimedAt: '2026-03-01T12:00:00.000Z',
        expiresAt: 0,
        versionId: 'v2',
        sequencer: comparableSequencer('10'),
        batchId: 'batch-00000001',
        ...claim,
      };

      const decided = decideArrival({
        arrival: {
          object: { bucket: 'data', key, versionId: 'v2' },
          size: 1,
          sequencer: comparableSequencer(sequencer),
        },
        key: parseArrivalKey(key),
        definition: unknownModel ? undefined : definition,
        claim: claim === undefined ? undefined : taken,
        batches,
        executionArn: me,
      });

      expect(decided).toMatchObject(decision);
    },
  );
});
