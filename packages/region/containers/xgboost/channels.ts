import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { checkContentType, type Matrix, MatrixCsvReader, UserError } from '@tidemark/xgboost';

/** `inputdataconfig.json`: each channel by its name. */
export type ChannelConfigs = Readonly<Record<string, { readonly ContentType?: string }>>;

const CHANNELS = ['train', 'validation'];

/** Checks channels as SageMaker's XGBoost container does, before any data is read. */
export function checkChannels(configs: ChannelConfigs): void {
  if (!configs.train) throw new UserError("The channel 'train' is required.");
  for (const [name, { ContentType: contentType }] of Object.entries(configs)) {
    if (!CHANNELS.includes(name)) {
      throw new UserError(
        `The channel '${name}' is not one of SageMaker's XGBoost; it takes ${CHANNELS.join(' and ')}.`,
      );
    }
    checkContentType(`The channel '${name}'`, contentType);
  }
}

/** All rows of all files of a channel, in the order of the files' paths. */
export async function readChannel(name: string, directory: string): Promise<Matrix> {
  const files = await channelFiles(name, directory);
  const reader = new MatrixCsvReader({ source: '', labelled: true });
  for (const file of files) {
    reader.endSource(`${name}/${relative(directory, file)}`);
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) reader.push(chunk);
  }
  reader.endSource();
  const matrix = reader.matrix();
  if (matrix.rows === 0) throw new UserError(`The channel '${name}' has no data.`);
  return matrix;
}

async function channelFiles(name: string, directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hidden = files.find((file) => /[\\/]\.[^\\/]*$/.test(file));
  if (hidden)
    throw new UserError(
      `The channel '${name}' holds a hidden file, ${relative(directory, hidden)}; remove it.`,
    );
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return files.filter((_, at) => (sizes[at] ?? 0) > 0).sort();
}
