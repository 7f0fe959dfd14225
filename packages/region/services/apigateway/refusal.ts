/** An answer of the gateway itself: `{"message": …}`. Not an error of the region. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export const notFound = () => new ApiRefusal(404, 'Not Found');
export const forbidden = () => new ApiRefusal(403, 'Forbidden');
export const internalServerError = () => new ApiRefusal(500, 'Internal Server Error');
