import { readFileSync } from "node:fs";
import { compilePolicy, describePolicy, parsePolicy } from "@benefit-grid/sdk/policy";

const policy = parsePolicy(readFileSync(new URL("policy.json", import.meta.url), "utf8"));

/** The terms of every offer of the service, compiled from its policy. */
export const { terms } = compilePolicy(policy);

/** The policy for the report. */
export const policyFacts = { text: describePolicy(policy), hash: terms.policyHash } as const;
