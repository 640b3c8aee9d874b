import { ErrorFragment } from "ethers";
import { FOREIGN_ERRORS } from "../../sdk/src/core/abi.ts";
import { CAPSULES } from "../../sdk/src/explain/capsules.ts";
import { COIN } from "../../sdk/src/explain/coin.ts";
import { COMMONS } from "../../sdk/src/explain/commons.ts";
import type { Explanations } from "../../sdk/src/explain/explanation.ts";
import { GOVERNANCE } from "../../sdk/src/explain/governance.ts";
import { LICENSES } from "../../sdk/src/explain/licenses.ts";
import { METERING } from "../../sdk/src/explain/metering.ts";
import { SETTLEMENT } from "../../sdk/src/explain/settlement.ts";
import { STANDARDS } from "../../sdk/src/explain/standards.ts";
import { SUBNETS } from "../../sdk/src/explain/subnets.ts";
import { readContracts } from "../lib/artifacts.ts";

export const ERRORS_FILE = "docs/errors.md";

const GROUPS: Readonly<Record<string, Explanations>> = {
  Capsules: CAPSULES,
  Licenses: LICENSES,
  Metering: METERING,
  Settlement: SETTLEMENT,
  "Foundation Coin": COIN,
  Commons: COMMONS,
  Subnets: SUBNETS,
  Governance: GOVERNANCE,
  "Tokens, signatures, access": STANDARDS,
};

const INTRODUCTION = `<!-- Written by \`npm run docs -- --errors\`. Do not edit. -->

# Errors

All errors of the contracts: what happened, and what to do. The SDK throws each as \`ContractRevertError\` with this \`name\`, and with the
values in \`args\`. \`explainError\` of \`@benefit-grid/sdk/explain\` returns the same sentences with the values filled in. viem and wagmi
decode the errors by \`errorsAbi\` of \`@benefit-grid/sdk/abis\`. Below each name stand the signature, the first four bytes of the revert's
data, and the contracts that may raise the error.
`;

/** The page of all errors, from the ABIs and the SDK's explanations. */
export function errorsPage(): string {
  const raisers = raisersByName();
  const groups = Object.entries(GROUPS).map(([title, explanations]) => {
    const entries = Object.entries(explanations).map(([name, [happened, advice]]) => {
      const found = raisers.get(name);
      return [`### ${name}`, found && describe(found), `${happened} **${advice}**`]
        .filter(Boolean)
        .join("\n\n");
    });
    return `## ${title}\n\n${entries.join("\n\n")}\n`;
  });
  return [INTRODUCTION, ...groups].join("\n");
}

type Raised = { readonly fragment: ErrorFragment; readonly contracts: string[] };

function describe({ fragment, contracts }: Raised): string {
  const from = contracts.length === 0 ? "" : ` · ${contracts.join(", ")}`;
  return `\`${fragment.format("full").replace("error ", "")}\` · \`${fragment.selector}\`${from}`;
}

/** Each error with the contracts that declare it. */
function raisersByName(): ReadonlyMap<string, Raised> {
  const found = new Map<string, Raised>();
  for (const error of FOREIGN_ERRORS) {
    const fragment = ErrorFragment.from(error);
    found.set(fragment.name, { fragment, contracts: [] });
  }
  for (const { name, abi } of readContracts()) {
    for (const error of abi.filter(({ type }) => type === "error")) {
      const fragment = ErrorFragment.from(error);
      const raised = found.get(fragment.name) ?? { fragment, contracts: [] };
      raised.contracts.push(name);
      found.set(fragment.name, raised);
    }
  }
  return found;
}
