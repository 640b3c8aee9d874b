import { FunctionFragment, isAddress, type ParamType } from "ethers";
import type { Client } from "../client.ts";
import type { Hex } from "../core/abi.ts";
import type { ReadyCall } from "../governance/calls.ts";
import { callToAdmitChampion } from "../governance/callToAdmitChampion.ts";
import { callToAdmitLedger } from "../governance/callToAdmitLedger.ts";
import { callToAdmitSource } from "../governance/callToAdmitSource.ts";
import { callToCreateSovereignSubnet } from "../governance/callToCreateSovereignSubnet.ts";
import { callToDefineContext } from "../governance/callToDefineContext.ts";
import { callToFunction } from "../governance/callToFunction.ts";
import { callToReleaseMilestone } from "../governance/callToReleaseMilestone.ts";
import { callToRemoveSource } from "../governance/callToRemoveSource.ts";
import { callToRetireLedger } from "../governance/callToRetireLedger.ts";
import { callToRetireSector } from "../governance/callToRetireSector.ts";
import { callToRetireSubnet } from "../governance/callToRetireSubnet.ts";
import { callToSetCurrency } from "../governance/callToSetCurrency.ts";
import { callToSetMaxSubnets } from "../governance/callToSetMaxSubnets.ts";
import { callToSetSector } from "../governance/callToSetSector.ts";
import { callToSetSectorShare } from "../governance/callToSetSectorShare.ts";
import { callToSetSourceCap } from "../governance/callToSetSourceCap.ts";
import { callToSetStandardCurrency } from "../governance/callToSetStandardCurrency.ts";
import { callToSetSubnetBond } from "../governance/callToSetSubnetBond.ts";
import { callToStartProgramme } from "../governance/callToStartProgramme.ts";
import { callToStopSource } from "../governance/callToStopSource.ts";
import type { ContextKind } from "../shared/context.ts";
import type { ProgrammeKind } from "../shared/programme.ts";
import { getFeed } from "../subnets/getFeed.ts";
import { getSubnetDefaults } from "../subnets/getSubnetDefaults.ts";
import { CommandError } from "./errors.ts";
import { many, type Options, required, text, type Values, whole, wholes } from "./options.ts";

/** A kind of proposal, complete except for its values. */
export type Ready = {
  readonly about: string;
  readonly usage: string;
  build(client: Client, values: Values): ReadyCall | Promise<ReadyCall>;
};

export const READY: Readonly<Record<string, Ready>> = {
  "admit-champion": {
    about: "admits a champion",
    usage: "--country N --population N --operator ADDRESS --registrar ADDRESS --programme ID [--sectors N,N]",
    build: (client, values) =>
      callToAdmitChampion(client, {
        country: whole(values, "country"),
        population: whole(values, "population"),
        operator: required(values, "operator"),
        registrar: required(values, "registrar"),
        programmeId: whole(values, "programme"),
        sectors: values.sectors === undefined ? [] : wholes(values, "sectors"),
      }),
  },
  "start-programme": {
    about: "starts a public-good programme",
    usage: "--kind research|service --steward ADDRESS --metadata-hash HASH --uri URI",
    build: (client, values) =>
      callToStartProgramme(client, {
        kind: required(values, "kind") as ProgrammeKind,
        steward: required(values, "steward"),
        metadataHash: required(values, "metadata-hash") as Hex,
        uri: required(values, "uri"),
      }),
  },
  "release-milestone": {
    about: "pays for a milestone",
    usage: "--milestone ID",
    build: (client, values) => callToReleaseMilestone(client, { milestoneId: whole(values, "milestone") }),
  },
  "set-sector": {
    about: "sets a sector from the next round on",
    usage: "--sector N --weight N --target UNITS --allowance UNITS",
    build: (client, values) =>
      callToSetSector(client, {
        sector: whole(values, "sector"),
        weight: whole(values, "weight"),
        target: whole(values, "target"),
        allowance: whole(values, "allowance"),
      }),
  },
  "retire-sector": {
    about: "takes a sector without weight off the list",
    usage: "--sector N",
    build: (client, values) => callToRetireSector(client, { sector: whole(values, "sector") }),
  },
  "sector-share": {
    about:
      "pays a subnet's feed, or another account, a part of the platform's leg in a sector; 0 basis points end it",
    usage: "--sector N --bps N (--subnet ID | --account ADDRESS)",
    build: async (client, values) => {
      const share = { sector: whole(values, "sector"), bps: whole(values, "bps") };
      if (values.subnet !== undefined) {
        const { feed } = await getFeed(client, { subnetId: whole(values, "subnet") });
        return callToSetSectorShare(client, { ...share, account: feed });
      }
      const account = share.bps === 0n ? text(values, "account") : required(values, "account");
      return callToSetSectorShare(client, { ...share, ...(account && { account }) });
    },
  },
  currency: {
    about:
      "sets a currency's least price of a coin in base units (0 ends its sales), or makes it the default",
    usage: "--token ADDRESS (--reserve AMOUNT | --standard)",
    build: (client, values) => {
      const token = required(values, "token");
      if (values.standard) return callToSetStandardCurrency(client, { token });
      return callToSetCurrency(client, { token, reserve: whole(values, "reserve") });
    },
  },
  ledger: {
    about: "admits or retires a ledger",
    usage: "(--admit ADDRESS | --retire ADDRESS)",
    build: (client, values) => {
      const retired = text(values, "retire");
      if (retired !== undefined) return callToRetireLedger(client, { ledger: retired });
      return callToAdmitLedger(client, { ledger: required(values, "admit") });
    },
  },
  "define-context": {
    about: "gives a purpose, sector or territory of use the next code, permanently",
    usage: "--kind purpose|sector|territory --name NAME",
    build: (client, values) =>
      callToDefineContext(client, {
        kind: required(values, "kind") as ContextKind,
        name: required(values, "name"),
      }),
  },
  source: {
    about: "admits or removes a source of benefit reports",
    usage: "(--admit ADDRESS --cap UNITS | --remove ADDRESS)",
    build: (client, values) => {
      const removed = text(values, "remove");
      if (removed !== undefined) return callToRemoveSource(client, { source: removed });
      return callToAdmitSource(client, { source: required(values, "admit"), cap: whole(values, "cap") });
    },
  },
  "source-cap": {
    about: "corrects a source's cap from the next round on",
    usage: "--source ADDRESS --cap UNITS",
    build: (client, values) =>
      callToSetSourceCap(client, { source: required(values, "source"), cap: whole(values, "cap") }),
  },
  "stop-source": {
    about: "stops a source with a leaked key, and voids its reports in rounds on hold",
    usage: "--source ADDRESS",
    build: (client, values) => callToStopSource(client, { source: required(values, "source") }),
  },
  "sovereign-subnet": {
    about:
      "creates the sovereign subnet of a sector, with the default parameters: its validators decide quality",
    usage: "--sector N --metadata-hash HASH --uri URI",
    build: async (client, values) =>
      callToCreateSovereignSubnet(client, {
        sector: whole(values, "sector"),
        params: (await getSubnetDefaults(client)).params,
        metadataHash: required(values, "metadata-hash") as Hex,
        uri: required(values, "uri"),
      }),
  },
  "retire-subnet": {
    about: "ends a sovereign subnet after the current epoch",
    usage: "--subnet ID",
    build: (client, values) => callToRetireSubnet(client, { subnetId: whole(values, "subnet") }),
  },
  subnets: {
    about: "sets the bond of new open subnets in base units, or how many there can be",
    usage: "(--bond UNITS | --maximum N)",
    build: (client, values) =>
      values.maximum === undefined
        ? callToSetSubnetBond(client, { bond: whole(values, "bond") })
        : callToSetMaxSubnets(client, { maximum: whole(values, "maximum") }),
  },
  call: {
    about: "calls any function; --args once for each argument, lists and tuples as JSON, contracts by name",
    usage: '--to ADDRESS|CONTRACT --function "setX(uint256)" [--args VALUE]...',
    build: (client, values) =>
      callToFunction({
        target: addressIn(client, "to", required(values, "to")),
        function: required(values, "function"),
        args: withAddresses(client, required(values, "function"), many(values, "args").map(argumentOf)),
      }),
  },
};

/** The names of options in a usage, with their values' names. */
function optionsIn(usage: string): RegExpExecArray[] {
  return [...usage.matchAll(/--([\w-]+)( [A-Z"\w|]+)?/g)];
}

/** All options of ready proposals. */
export const READY_OPTIONS: Options = Object.fromEntries(
  Object.values(READY)
    .flatMap(({ usage }) => optionsIn(usage))
    .map(([, name = "", value]) => [
      name,
      { about: "", ...(value && { value: value.trim() }), multiple: name === "args" },
    ]),
);

/** Refuses options of other kinds, and options that exclude each other. */
export function checkOptions(kind: string, { usage }: Ready, values: Values): void {
  const given = Object.keys(values).filter((name) => Object.hasOwn(READY_OPTIONS, name));
  const known = optionsIn(usage).map(([, name]) => name);
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new CommandError(`${kind} has no --${unknown}. Usage: ${kind} ${usage}`);
  const [, either = "", or = ""] = /\((.*) \| (.*)\)/.exec(usage) ?? [];
  const isIn = (part: string) => given.find((name) => optionsIn(part).some(([, one]) => one === name));
  const [one, other] = [isIn(either), isIn(or)];
  if (one && other) throw new CommandError(`--${one} and --${other} exclude each other.`);
}

function addressIn({ addresses }: Client, option: string, name: string): string {
  if (isAddress(name)) return name;
  const found = Object.entries(addresses).find(([contract]) => contract === name);
  if (found) return found[1] as string;
  const known = Object.keys(addresses).join(", ");
  throw new CommandError(`--${option} needs an address or one of ${known}, but got "${name}".`);
}

/** Replaces contract names by addresses, where the function takes addresses. */
function withAddresses(client: Client, signature: string, args: readonly unknown[]): unknown[] {
  const inputs = inputsOf(signature);
  const named = (type: string, value: unknown) => {
    return type === "address" && typeof value === "string" ? addressIn(client, "args", value) : value;
  };
  return args.map((value, i) => {
    const input = inputs[i];
    return input && isOfShape(input, value) ? input.walk(value, named) : value;
  });
}

/** None for a malformed signature: the call's own check reports it. */
function inputsOf(signature: string): readonly ParamType[] {
  try {
    return FunctionFragment.from(`function ${signature.replace(/^function /, "")}`).inputs;
  } catch {
    return [];
  }
}

/** Whether a value has the lists of a type. The call's own check reports others. */
function isOfShape(input: ParamType, value: unknown): boolean {
  if (input.isArray())
    return Array.isArray(value) && value.every((one) => isOfShape(input.arrayChildren, one));
  if (!input.isTuple()) return true;
  return Array.isArray(value) && input.components.every((one, i) => isOfShape(one, value[i]));
}

function argumentOf(argument: string): unknown {
  if (argument === "true" || argument === "false") return argument === "true";
  if (!/^[[{]/.test(argument)) return argument;
  try {
    return JSON.parse(argument);
  } catch {
    throw new CommandError(`--args needs valid JSON for lists and tuples, but got "${argument}".`);
  }
}
