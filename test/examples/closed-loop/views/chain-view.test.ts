import {
  createClient,
  priceOfUnits,
  type SignedPrivateVoucher,
  settleBatch,
  signPrivateVoucher,
} from "@benefit-grid/sdk";
import { buildBatch, proveBatch } from "@benefit-grid/sdk/proofs";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import { closeLicenses } from "../../../../examples/closed-loop/money/close.ts";
import { createGas } from "../../../../examples/closed-loop/money/gas.ts";
import { createActors } from "../../../../examples/closed-loop/parties/actors.ts";
import {
  CONTEXTS,
  PRICE_PER_MILLION,
  publishCatalog,
} from "../../../../examples/closed-loop/parties/catalog.ts";
import {
  buyLicense,
  type Licensee,
  PREPAID_UNITS,
  topUp,
} from "../../../../examples/closed-loop/parties/customer.ts";
import { type ChainView, readChain } from "../../../../examples/closed-loop/views/chain-view.ts";
import { deployedGrid } from "../../../deployed.ts";

const UNITS = 1_234n;

describe("readChain", () => {
  let licensee: Licensee;
  let voucher: SignedPrivateVoucher;
  let [bought, settled, closed]: ChainView[] = [];

  before(async () => {
    const market = await openMarket();
    licensee = await market.buy();
    await market.buyElsewhere();
    await topUp(licensee);
    bought = await market.look();
    voucher = await signFor(licensee);
    await market.settle(licensee, voucher);
    settled = await market.look();
    await market.close(licensee);
    closed = await market.look();
  });

  it("finds only the offer's licenses, with all prepaid units", () => {
    const { licenseId, offerId } = licensee;
    const license = { licenseId, offerId, prepaid: 2n * PREPAID_UNITS, batches: 0 };
    expect(bought?.licenses).to.deep.equal([license]);
    expect(bought?.totals).to.deep.equal(new Map());
    expect(bought?.allowed).to.equal(CONTEXTS);
  });

  it("after a batch, has the usage word and the total", () => {
    expect(settled?.licenses).to.deep.equal([{ ...bought?.licenses[0], batches: 1, usage: voucher.usage }]);
    expect(settled?.totals).to.deep.equal(new Map([[licensee.offerId, UNITS]]));
  });

  it("after a batch, has neither secret nor salt", () => {
    expect(settled?.bytes).to.contain(voucher.usage.slice(2));
    for (const hidden of [licensee.secret.slice(2), saltOf(voucher)]) {
      expect(settled?.bytes).to.not.contain(hidden);
    }
  });

  it("after closing by opening, has the opening", () => {
    const { units, contexts, salt } = voucher;
    const closing = { used: UNITS, opening: { units, contexts, salt } };
    expect(closed?.licenses[0]?.closed).to.deep.equal(closing);
    expect(closed?.bytes).to.contain(saltOf(voucher));
  });
});

const saltOf = ({ salt }: SignedPrivateVoucher): string => salt.toString(16).padStart(64, "0");

function signFor(licensee: Licensee): Promise<SignedPrivateVoucher> {
  const { customer, licenseId, contexts, secret } = licensee;
  return signPrivateVoucher(customer.client, { licenseId, units: UNITS, contexts, secret });
}

/** Two services on one chain. The tests look at the first. */
async function openMarket() {
  const { connection, deployment } = await deployedGrid();
  const currency = deployment.contracts.TestUSD ?? expect.fail("no TestUSD");
  const actors = await createActors(connection, deployment);
  const application = await actors.create("application");
  const gas = createGas();
  const catalog = await publishCatalog(actors, [application], currency, gas);
  const other = await publishCatalog(actors, [application], currency, gas);
  const { chainId, addresses } = catalog.operator.client;

  async function buy(offerIds = catalog.offerIds): Promise<Licensee> {
    const customer = await actors.create("customer", { hasGas: false });
    const funds = 2n * priceOfUnits({ units: PREPAID_UNITS, pricePerMillion: PRICE_PER_MILLION });
    await (await application.client.contracts.TestUSD?.mint(customer.address, funds))?.wait();
    const [offerId = 0n] = offerIds;
    const parts = {
      contexts: CONTEXTS,
      keepsCount: false,
      pricePerMillion: PRICE_PER_MILLION,
      currency,
      gas,
    };
    return await buyLicense({ customer, application, offerId, ...parts });
  }

  return {
    buy,
    buyElsewhere: () => buy(other.offerIds),
    look: async () => {
      const client = await createClient({ runner: connection.ethers.provider, deployment });
      return await readChain({ client, offerIds: catalog.offerIds, fromBlock: 0 });
    },
    settle: async ({ offerId, prepaid }: Licensee, newest: SignedPrivateVoucher) => {
      const rows = [{ voucher: newest, oldOpening: undefined, cap: prepaid }];
      const offers = [{ offerId, allowedContexts: CONTEXTS, rows }];
      const place = { chainId, ledger: addresses.UsageLedger, meterId: catalog.meterId };
      const batch = buildBatch({ ...place, offers, allowLone: true });
      await settleBatch(catalog.operator.client, { batch, proof: await proveBatch(batch) });
    },
    /** Closes with nothing but the wallet: without voucher and secret. */
    close: ({ voucher: _, ...licensee }: Licensee) =>
      closeLicenses({ connection, token: currency, gas }, [{ ...licensee, secret: ZeroHash as "0x" }]),
  };
}
