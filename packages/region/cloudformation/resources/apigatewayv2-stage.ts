import * as z from 'zod';
import type { Rate } from '../../services/apigateway/http-apis.ts';
import { defaultRoute } from '../../services/apigateway/route-key.ts';
import { apiOf } from '../api-of.ts';
import { resourceType } from '../resource-type.ts';

const settingsSchema = z
  .strictObject({
    ThrottlingBurstLimit: z.int().min(0).optional(),
    ThrottlingRateLimit: z.number().min(0).optional(),
    /** Nothing publishes metrics of APIs here. */
    DetailedMetricsEnabled: z.boolean().optional(),
  })
  .refine((settings) => 'ThrottlingBurstLimit' in settings === 'ThrottlingRateLimit' in settings, {
    message: 'ThrottlingBurstLimit and ThrottlingRateLimit are served together only',
  });

export const apiGatewayV2Stage = resourceType({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: {
    ApiId: z.string(),
    StageName: z.literal(defaultRoute),
    /** Without it AWS serves a deployment of an earlier moment. */
    AutoDeploy: z.literal(true),
    DefaultRouteSettings: settingsSchema.optional(),
    RouteSettings: z.record(z.string(), settingsSchema).default({}),
    StageVariables: z.record(z.string(), z.string()).optional(),
  },
  ignored: {
    AccessLogSettings: 'there is no CloudWatch Logs to write to',
    Description: 'for people',
    Tags: 'nothing reads them',
  },
  async apply({ ApiId, StageName, DefaultRouteSettings, RouteSettings, StageVariables }, context) {
    const rates = Object.entries(RouteSettings).flatMap(([key, settings]) => {
      const rate = rateOf(settings);
      return rate ? [[key, rate] as const] : [];
    });
    apiOf(ApiId, context).stage = {
      rate: rateOf(DefaultRouteSettings),
      routeRates: new Map(rates),
      variables: StageVariables,
    };
    return { ref: StageName, attributes: {} };
  },
});

function rateOf(settings: z.infer<typeof settingsSchema> | undefined): Rate | undefined {
  const { ThrottlingBurstLimit: atOnce, ThrottlingRateLimit: perSecond } = settings ?? {};
  return atOnce === undefined || perSecond === undefined ? undefined : { perSecond, atOnce };
}
