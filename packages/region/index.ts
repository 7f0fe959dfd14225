export type { DeployedResource, DriftedResource } from './cloudformation/deploy-stack.ts';
export { TemplateError } from './cloudformation/template-error.ts';
export type { AwsEvent } from './gateway/service.ts';
export type { Denial } from './iam/denial.ts';
export type { Question } from './iam/evaluate.ts';
export { Usage, type WeighedGrant } from './iam/usage.ts';
export { LocalRegion, type LocalRegionOptions, type SdkConfig } from './region.ts';
export type { Breakpoint, StateFailure, StateMoment } from './states/breakpoint.ts';
export type { RegionEvent } from './wiring/compose-services.ts';
