import * as z from 'zod';
import { seconds } from '../../epoch-seconds.ts';
import { parseInput } from '../../gateway/parse-input.ts';
import type { Context } from './context.ts';
import { type EndpointRecord, endpointStatus } from './endpoint-record.schema.ts';
import { listingShape, listPage, sortingShape } from './listing.ts';

const inputSchema = z.strictObject({
  ...listingShape,
  StatusEquals: endpointStatus.optional(),
  ...sortingShape,
});

/** `ListEndpoints`: newest first, unless asked otherwise. */
export function listEndpoints({ tables }: Context) {
  return async (input: unknown) => {
    const request = parseInput('sagemaker:ListEndpoints', inputSchema, input);
    const endpoints = await tables.endpoints.all();
    const wanted = endpoints.filter(({ status }) => status === (request.StatusEquals ?? status));
    const { SortBy = 'CreationTime', SortOrder = 'Descending' } = request;
    const by = ({ name, created, status }: EndpointRecord) =>
      ({ Name: name, CreationTime: created, Status: status })[SortBy];
    const { items, ...rest } = listPage(wanted, request, { by, descending: SortOrder === 'Descending' });
    return { Endpoints: items.map(summarize), ...rest };
  };
}

function summarize(endpoint: EndpointRecord) {
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    CreationTime: seconds(endpoint.created),
    LastModifiedTime: seconds(endpoint.modified),
    EndpointStatus: endpoint.status,
  };
}
