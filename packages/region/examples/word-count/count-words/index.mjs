/** @param {{ text?: string, body?: string }} event of the state machine, or of the HTTP API */
export const handler = async ({ text, body = '' }) => ({
  words: (text ?? body).split(/\s+/).filter((word) => word !== '').length,
});
