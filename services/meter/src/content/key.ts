import { InvalidParameterError } from "@benefit-grid/sdk";

/** @throws {@link InvalidParameterError} unless the key has 32 bytes */
export function checkKey(key: Uint8Array): Uint8Array {
  if (key.length === 32) return key;
  throw new InvalidParameterError(
    "key",
    `has ${key.length} bytes`,
    "Pass 32 random bytes, for example from `randomBytes(32)`",
  );
}
