import type { HardhatPlugin } from "hardhat/types/plugins";

/** A Hardhat plugin: files with equal overrides compile in one job. Hardhat itself gives each file a job of its own. */
export const sharedOverrides: HardhatPlugin = {
  id: "shared-overrides",
  hookHandlers: {
    config: async () => ({
      default: async () => ({
        async resolveUserConfig(userConfig, resolveVariable, next) {
          const config = await next(userConfig, resolveVariable);
          for (const { overrides } of Object.values(config.solidity.profiles)) shareEqual(overrides);
          return config;
        },
      }),
    }),
  },
};

/** Makes equal values of a record the same object. */
function shareEqual<T>(record: Record<string, T>): void {
  const known = new Map<string, T>();
  for (const [name, value] of Object.entries(record)) {
    const text = JSON.stringify(value);
    known.set(text, known.get(text) ?? value);
    record[name] = known.get(text) as T;
  }
}
