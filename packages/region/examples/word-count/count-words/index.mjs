/** @param {{ text: string }} event */
export const handler = async ({ text }) => ({
  words: text.split(/\s+/).filter((word) => word !== '').length,
});
