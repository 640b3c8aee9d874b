import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import { readInstances, verifierName } from "../../scripts/circuits/instances.ts";

/** The verifiers of all circuits, by the circuit's name. */
export default buildModule("Verifiers", (m) =>
  Object.fromEntries(readInstances().map(({ name }) => [name, m.contract(verifierName(name))])),
);
