import { ContractRevertError, pay } from "@benefit-grid/sdk";
import * as hooks from "@benefit-grid/sdk/react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { expect } from "chai";
import { Window } from "happy-dom";
import { createElement, type ReactNode } from "react";
import { custom } from "viem";
import { createConfig, injected, WagmiProvider } from "wagmi";
import { connect } from "wagmi/actions";
import { hardhat } from "wagmi/chains";
import { connection, licenseFixture } from "../../grid.ts";
import { withClients } from "../clients.ts";

/** The names of a browser that React and its test library look for. */
const NAMES = [
  "window",
  "document",
  "navigator",
  "Node",
  "Element",
  "HTMLElement",
  "MutationObserver",
] as const;

describe("hooks", () => {
  const globals = new Map<string, PropertyDescriptor | undefined>();
  let library: typeof import("@testing-library/react");

  before(async () => {
    const window = new Window();
    const values: Record<string, unknown> = {
      ...Object.fromEntries(NAMES.map((name) => [name, window[name]])),
      window,
    };
    for (const [name, value] of Object.entries(values)) {
      globals.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
    library = await import("@testing-library/react");
  });

  after(() => {
    library.cleanup();
    for (const [name, old] of globals) {
      if (old) Object.defineProperty(globalThis, name, old);
      else Reflect.deleteProperty(globalThis, name);
    }
  });

  /** Renders a hook with a wallet of the chain: its buyer, unless only read. A provider may have the deployment. */
  async function rendering<T>(
    hook: (grid: hooks.GridParameters) => T,
    { isConnected = true, providerChainId = 0n } = {},
  ) {
    const given = await withClients(licenseFixture);
    const requests: string[] = [];
    const provider = {
      request: async (call: { method: string; params?: unknown[] }) => {
        requests.push(call.method);
        if (/^eth_(requestA|a)ccounts$/.test(call.method)) return [given.buyer.address];
        return await connection.provider.request(call);
      },
      on: () => {},
      removeListener: () => {},
    };
    const target = { id: "test", name: "Test", provider: () => provider as never };
    const config = createConfig({
      chains: [hardhat],
      connectors: [injected({ target })],
      transports: { [hardhat.id]: custom(provider, { retryCount: 0 }) },
      storage: null,
      multiInjectedProviderDiscovery: false,
    });
    const connector = config.connectors[0];
    if (isConnected && connector) await connect(config, { connector });
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: 0 } } });
    const wrapper = ({ children }: { children: ReactNode }) =>
      createElement(
        WagmiProvider,
        { config, reconnectOnMount: false } as never,
        createElement(QueryClientProvider, { client: queries }, provided(children)),
      );
    const { deployment } = given;
    const provided = (children: ReactNode) =>
      providerChainId === 0n
        ? children
        : createElement(
            hooks.GridProvider,
            { deployment: { ...deployment, chainId: providerChainId } },
            children,
          );
    const grid = providerChainId === 0n ? { deployment } : {};
    const view = library.renderHook(() => hook(grid), { wrapper });
    const until = (holds: (current: T) => boolean) =>
      library.waitFor(() => expect(holds(view.result.current)).to.equal(true), { timeout: 600_000 });
    return { ...given, ...view, until, requests, queries };
  }

  it("read capsule, offer, license, use and earnings, in few requests", async () => {
    const useAll = (grid: hooks.GridParameters) => ({
      capsule: hooks.useCapsule({ capsuleId: 1n, ...grid }),
      offer: hooks.useOffer({
        offerId: 1n,
        ...grid,
        query: { select: ({ pricePerMillion }) => pricePerMillion },
      }),
      license: hooks.useLicense({ licenseId: 1n, ...grid }),
      usage: hooks.useUsage({ licenseId: 1n, ...grid }),
    });
    const { result, until, creator, buyer } = await rendering(useAll, { isConnected: false });
    await until((all) => Object.values(all).every(({ isSuccess }) => isSuccess));
    const { capsule, offer, license, usage } = result.current;
    expect(capsule.data?.owner).to.equal(creator.address);
    expect(offer.data).to.equal(25_000_000n);
    expect(license.data?.holder).to.equal(buyer.address);
    expect(usage.data?.units).to.equal(0n);
    expect(offer.queryKey).to.deep.include(hooks.GRID);
  });

  it("take the deployment of a GridProvider, on its chain alone", async () => {
    const read = (grid: hooks.GridParameters) => hooks.useOffer({ offerId: 1n, ...grid });
    const here = await rendering(read, { providerChainId: 31_337n });
    await here.until(({ isSuccess }) => isSuccess);
    const elsewhere = await rendering(read, { providerChainId: 1n });
    await elsewhere.until(({ isError }) => isError);
    expect(elsewhere.result.current.error).to.have.property("code", "CONTRACT_NOT_FOUND");
  });

  it("when an id is not known yet, wait", async () => {
    const { result, requests, until } = await rendering((grid) => ({
      client: hooks.useGridClient(grid),
      capsule: hooks.useCapsule({ capsuleId: undefined, ...grid }),
    }));
    await until(({ client }) => client.isSuccess);
    expect(result.current.capsule).to.include({ fetchStatus: "idle", isPending: true });
    expect(requests).not.to.include("eth_call");
  });

  it("when the contract reverts, give its typed error", async () => {
    const { result, until } = await rendering((grid) => hooks.useOffer({ offerId: 99n, ...grid }));
    await until(({ isError }) => isError);
    expect(result.current.error)
      .to.be.instanceOf(ContractRevertError)
      .with.property("name", "OfferNonexistent");
  });

  it("when the client cannot be created, reads give its error", async () => {
    const { result, until } = await rendering(() =>
      hooks.useOffer({
        offerId: 1n,
        chainId: hardhat.id,
        deployment: { chainId: 31_337n, contracts: {} } as never,
      }),
    );
    await until(({ isError }) => isError);
    expect(result.current.error).to.have.property("code", "INVALID_PARAMETER");
  });

  it("when bought, reads are repeated, and the caller's own callback runs", async () => {
    const bought: bigint[] = [];
    const { result, until, usd, buyer } = await rendering((grid) => ({
      buy: hooks.useBuy({ ...grid, mutation: { onSuccess: ({ licenseId }) => bought.push(licenseId) } }),
      license: hooks.useLicense({ licenseId: 2n, ...grid }),
    }));
    await until(({ license }) => license.isError);
    const before = await usd.balanceOf(buyer);
    result.current.buy.mutate({ offerId: 1n, units: 100n });
    await until(({ license }) => license.isSuccess);
    await until(({ buy }) => buy.isSuccess);
    expect(result.current.license.data?.prepaid).to.equal(100n);
    expect(bought).to.deep.equal([2n]);
    expect(before - (await usd.balanceOf(buyer))).to.equal(2_500n);
  });

  it("when claimed, earnings are read again", async () => {
    const given = await withClients(licenseFixture);
    const [account, token] = [given.dataOwner.address, given.token];
    const { result, until, as, buyer, queries } = await rendering((grid) => ({
      earned: hooks.useClaimable({ account, tokens: [token], ...grid }),
      claim: hooks.useClaim(grid),
    }));
    await pay(await as(buyer), { capsuleId: 1n, token, amount: 1_000n });
    await queries.invalidateQueries({ queryKey: [hooks.GRID] });
    await until(({ earned }) => earned.data?.[0]?.amount === 400n);
    result.current.claim.mutate({ account, tokens: [{ token, minAmount: 1n }] });
    await until(({ earned }) => earned.data?.[0]?.amount === 0n);
    await until(({ claim }) => claim.isSuccess);
    expect(result.current.claim.data?.paid.map(({ amount }) => amount)).to.deep.equal([400n]);
  });

  it("when no wallet is connected, a purchase says why it fails", async () => {
    const { result, until } = await rendering((grid) => hooks.useBuy(grid), { isConnected: false });
    result.current.mutate({ offerId: 1n, units: 1n });
    await until(({ isError }) => isError);
    expect(result.current.error?.message).to.contain("has no signer");
  });
});
