import type { HttpApi } from '../services/apigateway/http-apis.ts';
import type { ResourceContext } from './resource-type.ts';

/** The API that a resource belongs to. @throws TemplateError */
export function apiOf(apiId: string, { services, error }: ResourceContext): HttpApi {
  const api = services.httpApis.find(apiId);
  if (!api) throw error(`there is no HTTP API ${apiId}`, 'ApiId');
  return api;
}
