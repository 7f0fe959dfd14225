import * as z from 'zod';

/** A request's or an answer's body as SageMaker captures it. */
export const capturedBodySchema = z.object({
  observedContentType: z.string().optional(),
  data: z.string(),
  /** `CSV` for the content types that the endpoint configuration lists, otherwise `BASE64`, or `JSON`. */
  encoding: z.string(),
});
export type CapturedBody = z.infer<typeof capturedBodySchema>;

/** One line of SageMaker's data capture: one invocation, which may be of several rows. */
export const endpointCaptureSchema = z.object({
  captureData: z.object({
    endpointInput: capturedBodySchema.optional(),
    endpointOutput: capturedBodySchema.optional(),
  }),
  eventMetadata: z.object({
    eventId: z.string().min(1),
    /** Only if the caller gave one. */
    inferenceId: z.string().min(1).optional(),
    inferenceTime: z.string(),
  }),
});
export type EndpointCapture = z.infer<typeof endpointCaptureSchema>;
