/** Your model. This one answers with the words in reverse, and counts each word as a unit. */
export function answer(question: string): { text: string; units: bigint } {
  const words = question.split(/\s+/).filter(Boolean);
  return { text: words.reverse().join(" "), units: BigInt(words.length) };
}
