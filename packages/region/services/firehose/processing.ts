import { type PartitionQuery, partitionQuery, QueryError } from './partition-query.ts';
import { assertPrefix, PrefixError } from './prefix.ts';
import type { Destination, Processor } from './stream.schema.ts';

/** Smallest buffer that AWS allows with dynamic partitioning. */
const leastPartitionedMegabytes = 64;

/** What a stream does with a record before it is written. */
export interface Processing {
  readonly query: PartitionQuery | undefined;
  /** Added to every record. */
  readonly delimiter: string;
}

/** A destination that Firehose, or the local region, does not take. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
}

/** Reads a destination's processors and checks what must go together. @throws DestinationError */
export function processingOf(destination: Destination): Processing {
  const { ProcessingConfiguration: processing, DynamicPartitioningConfiguration: partitioning } = destination;
  const processors = processing.Enabled ? processing.Processors : [];
  const unknown = processors.find(
    ({ Type }) => Type !== 'MetadataExtraction' && Type !== 'AppendDelimiterToRecord',
  );
  if (unknown) throw new DestinationError(`the local region has no processor of type ${unknown.Type}`);
  const extraction = processors.find(({ Type }) => Type === 'MetadataExtraction');
  if ((extraction !== undefined) !== partitioning.Enabled) {
    throw new DestinationError('metadata extraction and dynamic partitioning must be enabled together');
  }
  if (partitioning.Enabled && destination.BufferingHints.SizeInMBs < leastPartitionedMegabytes) {
    throw new DestinationError(
      `with dynamic partitioning SizeInMBs must be at least ${leastPartitionedMegabytes}`,
    );
  }
  return asDestinationError(() => {
    const query = extraction && partitionQuery(parameter(extraction, 'MetadataExtractionQuery') ?? '');
    const { Prefix, ErrorOutputPrefix } = destination;
    assertPrefix(Prefix, 'data', query?.keys ?? []);
    assertPrefix(ErrorOutputPrefix ?? '', 'error', []);
    if (Prefix.includes('!{') && ErrorOutputPrefix === undefined) {
      throw new DestinationError('a Prefix with expressions needs an ErrorOutputPrefix');
    }
    return { query, delimiter: delimiterOf(processors) };
  });
}

function delimiterOf(processors: readonly Processor[]): string {
  const append = processors.find(({ Type }) => Type === 'AppendDelimiterToRecord');
  return append ? (parameter(append, 'Delimiter') ?? '\\n').replaceAll('\\n', '\n') : '';
}

function parameter({ Parameters }: Processor, name: string): string | undefined {
  return Parameters.find(({ ParameterName }) => ParameterName === name)?.ParameterValue;
}

function asDestinationError<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof QueryError || error instanceof PrefixError)
      throw new DestinationError(error.message);
    throw error;
  }
}
