import { createRequire } from "node:module";
import { buildModule as ignitionBuildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

const require = createRequire(import.meta.url);

/**
 * Takes the place of Ignition's `buildModule` in the package: names stand for the package's artifacts, since a user's
 * project has none of them.
 */
export const buildModule: typeof ignitionBuildModule = (id, define) =>
  ignitionBuildModule(id, (m) => define(withArtifacts(m)));

const DEPLOYING = new Set<string | symbol>(["contract", "contractAt", "library"]);

function withArtifacts(builder: IgnitionModuleBuilder): IgnitionModuleBuilder {
  return new Proxy(builder, {
    get(target, method) {
      const call = Reflect.get(target, method);
      if (!DEPLOYING.has(method)) return typeof call === "function" ? call.bind(target) : call;
      return (name: string, ...rest: unknown[]) => call.call(target, name, artifactOf(name), ...rest);
    },
  });
}

function artifactOf(name: string): unknown {
  return require(`@benefit-grid/contracts/artifacts/${name}.json`);
}
