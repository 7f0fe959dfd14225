/** An answer of the gateway itself: `{"message": …}`. Not an error of the region. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const notFound = () => new Refusal(404, 'Not Found');
export const forbidden = () => new Refusal(403, 'Forbidden');
export const internalServerError = () => new Refusal(500, 'Internal Server Error');
