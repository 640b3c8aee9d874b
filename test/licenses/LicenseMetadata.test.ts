import { expect } from "chai";
import {
  type CONDITIONS,
  DAY,
  ethers,
  type GridFixture,
  Kind,
  licenseFixture,
  mintParams,
  networkHelpers,
  offerParams,
  registration,
  terms,
} from "../grid.ts";
import { elementsOf, readMetadata, textsOf } from "./picture.ts";
import { addOffer, expiryOf, FOREVER, licenseUnder, mineAt, nextAt } from "./support.ts";

async function metadataFixture() {
  const grid = await networkHelpers.loadFixture(licenseFixture);
  const metadata = await ethers.getContractAt("LicenseMetadata", await grid.licenses.METADATA());
  return { ...grid, metadata };
}

async function read({ licenses }: Pick<GridFixture, "licenses">, licenseId = 1n) {
  const { metadata, picture } = readMetadata(await licenses.tokenURI(licenseId));
  const traits = (name: string) =>
    metadata.attributes.filter((trait) => trait.trait_type === name).map(({ value }) => value);
  return { metadata, picture, texts: textsOf(picture), traits };
}

/** The value beside a label in the picture. */
function rowOf(texts: string[], label: string) {
  return texts[texts.indexOf(label) + 1];
}

async function readUnder(conditions: Partial<typeof CONDITIONS>) {
  return await read(await licenseUnder(conditions));
}

describe("LicenseMetadata", () => {
  it("when deployed, knows capsules and terms", async () => {
    const { metadata, capsules, terms } = await networkHelpers.loadFixture(metadataFixture);
    expect(await metadata.CAPSULES()).to.equal(await capsules.getAddress());
    expect(await metadata.TERMS()).to.equal(await terms.getAddress());
  });

  it("when the license does not exist, reverts", async () => {
    const { metadata, licenses } = await networkHelpers.loadFixture(metadataFixture);
    await expect(metadata.uriOf(licenses, 2n))
      .to.be.revertedWithCustomError(licenses, "ERC721NonexistentToken")
      .withArgs(2n);
  });

  it("when asked directly, gives the token's URI", async () => {
    const { metadata, licenses } = await networkHelpers.loadFixture(metadataFixture);
    expect(await metadata.uriOf(licenses, 1n)).to.equal(await licenses.tokenURI(1n));
  });

  it("when the license is usual, says what it allows", async () => {
    const grid = await networkHelpers.loadFixture(metadataFixture);
    const { metadata, texts, traits } = await read(grid);
    const expiry = await expiryOf(grid);
    const date = new Date(Number(expiry) * 1_000).toISOString().slice(0, 10);
    expect(metadata.name).to.equal("Benefit Grid License #1");
    expect(metadata.attributes[0]).to.deep.equal({
      display_type: "date",
      trait_type: "Valid until",
      value: Number(expiry),
    });
    for (const [trait, value] of [
      ["Capsule", "1"],
      ["Kind", "Data"],
      ["Content", "ipfs://capsule/1"],
      ["Status", "Active"],
      ["Units", "1,000"],
      ["Units per term", "10,000"],
      ["Term", "30 days"],
      ["Transferable", "Yes"],
      ["Derivatives", "No"],
      ["Revocable", "With notice of 1 day"],
    ] as const) {
      expect(traits(trait), trait).to.deep.equal([value]);
    }
    expect(traits("Context")).to.have.lengthOf(3);
    expect(texts).to.deep.equal([
      "BENEFIT GRID LICENSE",
      "#1",
      "Data",
      "Active",
      "Capsule 1",
      "ipfs://capsule/1",
      "Units prepaid",
      "1,000",
      "Most units bought in a term",
      "10,000",
      "Term",
      "30 days",
      "Valid until (UTC)",
      date,
      "Transferable",
      "Yes",
      "Derivatives",
      "No",
      "Revocable",
      "With notice of 1 day",
      "Allowed contexts",
      ...(traits("Context") as string[]),
    ]);
  });

  it("when the capsule publishes a version, shows the new URI", async () => {
    const grid = await networkHelpers.loadFixture(metadataFixture);
    await grid.capsules.connect(grid.creator).publishVersion(1n, ethers.id("two"), "ipfs://two");
    expect((await read(grid)).traits("Content")).to.deep.equal(["ipfs://two"]);
  });

  for (const [name, kind] of Object.entries(Kind)) {
    it(`when the capsule is of kind ${name}, says so`, async () => {
      const grid = await networkHelpers.loadFixture(metadataFixture);
      const { capsules, terms: registry, licenses, creator, buyer } = grid;
      await capsules.register(creator, { ...registration(), kind });
      await registry.register(terms());
      const termsId = (await registry.offerOf(1n)).termsId;
      const capsuleId = await capsules.lastCapsuleId();
      await registry.connect(creator).createOffer(capsuleId, termsId, await offerParams(grid));
      await licenses.connect(buyer).mint(mintParams(2n, buyer, 1n), "0x");
      const { traits, texts } = await read(grid, 2n);
      expect(traits("Kind")).to.deep.equal([name]);
      expect(texts.slice(2, 5)).to.deep.equal([name, "Active", "Capsule 2"]);
    });
  }

  for (const [duration, expected] of [
    [1n, "1 second"],
    [5_000n, "5,000 seconds"],
    [3_600n, "1 hour"],
    [36n * 3_600n, "36 hours"],
    [DAY, "1 day"],
    [1_000_000n * DAY, "1,000,000 days"],
    [FOREVER, "No end"],
  ] as const) {
    it(`when the term is ${duration} s, says ${expected}`, async () => {
      const { texts, traits } = await readUnder({ duration });
      expect(traits("Term")).to.deep.equal([expected]);
      expect(rowOf(texts, "Term")).to.equal(expected);
    });
  }

  for (const [share, expected] of [
    [0n, "Yes"],
    [500n, "For 5 % of their revenue"],
    [250n, "For 2.5 % of their revenue"],
    [1_205n, "For 12.05 % of their revenue"],
  ] as const) {
    it(`when the terms permit derivatives for ${share} basis points, says so`, async () => {
      const { traits } = await readUnder({ derivatives: true, derivativeShareBps: share });
      expect(traits("Derivatives")).to.deep.equal([expected]);
    });
  }

  it("when the terms forbid transfer and revocation, says so", async () => {
    const { traits } = await readUnder({ transferable: false, revocationNotice: FOREVER });
    expect([...traits("Transferable"), ...traits("Revocable")]).to.deep.equal(["No", "No"]);
  });

  it("when it never expires, says so", async () => {
    const { texts } = await readUnder({ duration: FOREVER });
    expect(rowOf(texts, "Valid until (UTC)")).to.equal("No end");
  });

  for (const date of ["2028-02-29", "2099-12-31", "2100-03-01", "9999-10-09"]) {
    it(`when it expires in the last second of ${date}, says ${date}`, async () => {
      const grid = await networkHelpers.loadFixture(metadataFixture);
      const expiry = BigInt(Date.parse(`${date}T23:59:59Z`)) / 1_000n;
      const now = BigInt(await networkHelpers.time.latest()) + 10n;
      const offerId = await addOffer(grid, { duration: expiry - now });
      await nextAt(now);
      await grid.licenses.connect(grid.buyer).mint(mintParams(offerId, grid.buyer, 1n), "0x");
      expect(rowOf((await read(grid, 2n)).texts, "Valid until (UTC)")).to.equal(date);
    });
  }

  it("when the owner revokes, says that it ends, then that it ended", async () => {
    const grid = await networkHelpers.loadFixture(metadataFixture);
    await grid.licenses.connect(grid.creator).revoke(1n);
    expect((await read(grid)).traits("Status")).to.deep.equal(["Ending"]);
    await mineAt(await expiryOf(grid));
    const { traits, texts } = await read(grid);
    expect(traits("Status")).to.deep.equal(["Ended"]);
    expect(texts[3]).to.equal("Ended");
  });

  describe("given a hostile URI", () => {
    const LONGEST = 2_048;

    for (const [title, uri] of [
      ["closes the text", "</text></g></svg><svg onload=alert(1)>"],
      ["brings a script", "<script>alert(1)</script>"],
      ["closes the JSON", '"}],"image":"https://evil.example","x":[{"y":"'],
      ["escapes the escape", '\\"\\u0022\\'],
      ["uses entities", "&lt;script&gt;&#x3c;&unknown;"],
      ["closes a CDATA section", "]]><![CDATA["],
      ["has control characters", "a\u0000b\u0001c\u001fd\u007fe\n\r\tf"],
      ["turns the writing direction", "ipfs://\u202egnp.exe\u2066"],
      ["is no ASCII", "https://例え.テスト/ü?😀"],
      ["has quotes and braces", `'"\`{}|^<>`],
      ["is as long as possible", `ipfs://${"x".repeat(LONGEST - 7)}`],
      ["is empty", ""],
    ] as const) {
      it(`when it ${title}, stays one text and one value`, async () => {
        const grid = await networkHelpers.loadFixture(metadataFixture);
        const before = await read(grid);
        await grid.capsules.connect(grid.creator).publishVersion(1n, ethers.id("two"), uri);
        const { picture, texts, traits, metadata } = await read(grid);
        const expected = encodeAll(uri);
        expect(traits("Content")).to.deep.equal([expected]);
        expect(decodeURIComponent(expected)).to.equal(uri);
        expect(texts[5]).to.equal(shortened(expected));
        // Nothing else has changed.
        expect(metadata.attributes).to.have.lengthOf(before.metadata.attributes.length);
        expect(Object.keys(metadata)).to.deep.equal(Object.keys(before.metadata));
        const names = (of: typeof picture) =>
          elementsOf(of).map(({ name, attributes }) => [name, attributes]);
        expect(names(picture)).to.deep.equal(names(before.picture));
      });
    }

    it("when its bytes are no UTF-8, encodes each", async () => {
      const grid = await networkHelpers.loadFixture(metadataFixture);
      const face = grid.capsules.interface;
      const data = face.encodeFunctionData("publishVersion", [1n, ethers.id("two"), "ab"]);
      const broken = data.replace(
        ethers.hexlify(ethers.toUtf8Bytes("ab")).slice(2).padEnd(64, "0"),
        "c3ff".padEnd(64, "0"),
      );
      expect(broken).not.to.equal(data);
      await grid.creator.sendTransaction({ to: await grid.capsules.getAddress(), data: broken });
      expect((await read(grid)).traits("Content")).to.deep.equal(["%C3%FF"]);
    });
  });

  it("when all contexts are allowed, draws each inside the card, none over another", async () => {
    const { picture, traits } = await readUnder({ contexts: 2n ** 13n - 1n });
    const card = picture.attributes;
    const chips = boxesOf(picture);
    expect(traits("Context")).to.have.lengthOf(13);
    expect(chips).to.have.lengthOf(13);
    for (const [i, { x, y, width, height }] of chips.entries()) {
      expect(x + width).to.be.at.most(Number(card.width));
      expect(y + height).to.be.at.most(Number(card.height));
      const overlaps = chips.filter((b, j) => {
        const apart = b.x >= x + width || x >= b.x + b.width || b.y >= y + height || y >= b.y + b.height;
        return j !== i && !apart;
      });
      expect(overlaps).to.deep.equal([]);
    }
  });
});

function boxesOf(picture: Parameters<typeof elementsOf>[0]) {
  return elementsOf(picture)
    .filter(({ name, attributes }) => name === "rect" && attributes["fill-opacity"] !== undefined)
    .map(({ attributes }) => ({
      x: Number(attributes.x),
      y: Number(attributes.y),
      width: Number(attributes.width),
      height: Number(attributes.height),
    }));
}

/** Percent-encodes all bytes but those of RFC 3986's characters and "%". */
function encodeAll(uri: string): string {
  return [...Buffer.from(uri)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      const isKept = /[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/.test(char);
      return isKept ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

function shortened(uri: string): string {
  return uri.length <= 60 ? uri : `${uri.slice(0, 38)}...${uri.slice(-19)}`;
}
