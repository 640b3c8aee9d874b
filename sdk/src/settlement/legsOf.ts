/** Each role's part of all payments, in base units. */
export type LegsOfReturnType = {
  readonly data: bigint;
  readonly model: bigint;
  readonly compute: bigint;
  readonly platform: bigint;
};

/**
 * Splits cumulative revenue exactly like the router: 40 % data, 30 % model, 20 % compute, 10 % platform. The legs
 * add up to the total. The legs of one payment are the differences between after and before it.
 *
 * @example
 * ```ts
 * const { total } = await getRevenue(client, { capsuleId, sharesVersion: 1n, token });
 * const { data } = legsOf(total);
 * ```
 */
export function legsOf(total: bigint): LegsOfReturnType {
  const computeAndPlatform = (3n * total) / 10n;
  const dataAndModel = total - computeAndPlatform;
  const platform = computeAndPlatform / 3n;
  const model = (3n * dataAndModel) / 7n;
  return { data: dataAndModel - model, model, compute: computeAndPlatform - platform, platform };
}
