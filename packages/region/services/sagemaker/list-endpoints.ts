import * as z from 'zod';
import { parseInput } from '../../gateway/parse-input.ts';
import { type Context, seconds } from './context.ts';
import { type Endpoint, endpointStatus } from './endpoint.schema.ts';
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
    const by = ({ name, created, status }: Endpoint) =>
      ({ Name: name, CreationTime: created, Status: status })[SortBy];
    const { items, ...rest } = listPage(wanted, request, { by, descending: SortOrder === 'Descending' });
    return { Endpoints: items.map(summarize), ...rest };
  };
}

function summarize(endpoint: Endpoint) {
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    CreationTime: seconds(endpoint.created),
    LastModifiedTime: seconds(endpoint.modified),
    EndpointStatus: endpoint.status,
  };
}
