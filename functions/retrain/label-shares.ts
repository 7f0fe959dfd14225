/** An uploaded file of labels: a key that is written again is another. */
export interface LabelFile {
  readonly key: string;
  readonly versionId: string;
}

/** What a file of labels gives to a dataset. */
export interface LabelFileRows extends LabelFile {
  /** Rows that earlier retrainings took. */
  readonly before: number;
  /** Rows that are new. */
  readonly rows: number;
}

/** From so many files on, one that has the majority stands out from the others. */
const filesThatCompare = 3;
/** No file has a majority of what is learnt and judged by. */
const defaultShare = 0.5;

/**
 * The largest share of a dataset's rows that labels of one file may be; `null`: any. Where one or two files label, none is an exception:
 * a model whose labels come as one file a month must learn from it. What a definition says counts however few they are.
 * @param setting of the definition
 * @param files that gave a label
 */
export function maximumShare(setting: number | undefined, files: number): number | null {
  const share = setting ?? (files >= filesThatCompare ? defaultShare : 1);
  return share < 1 ? share : null;
}

/**
 * How many new rows of each file may be taken, so that no file has more than the share of all rows: as many as that allows. Of all ways to
 * keep within the share there is one that takes the most of every file, as the more rows there are, the more each may have; it is
 * found from above. Each step comes nearer by the share times the number of files that are cut, or is the last.
 * @param base rows that the dataset has already, those of earlier retrainings included
 * @returns in the order of the files
 */
export function allowedRows(files: readonly LabelFileRows[], base: number, share: number): number[] {
  let level = Number.POSITIVE_INFINITY;
  for (;;) {
    const allowed = files.map(({ rows, before }) => Math.min(rows, Math.max(0, level - before)));
    const next = Math.floor(share * (base + allowed.reduce((sum, rows) => sum + rows, 0)));
    if (next >= level) return allowed;
    level = next;
  }
}
