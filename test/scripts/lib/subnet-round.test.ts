import { hashContent } from "@benefit-grid/sdk";
import { formatSubmission, hashSubmission, type Submission } from "@benefit-grid/sdk/subnets";
import { expect } from "chai";
import { publish } from "../../../scripts/lib/local-subnet.ts";
import { readDelivery } from "../../../scripts/lib/subnet-round.ts";

describe("readDelivery", () => {
  const content = new TextEncoder().encode("[0.5]");
  async function revealed() {
    const files = new Map<string, Uint8Array>();
    const contentHash = await hashContent(content);
    const submission: Submission = { kind: "data", contentHash, size: BigInt(content.length) };
    const fileUri = await publish(files, content);
    const uri = await publish(files, new TextEncoder().encode(formatSubmission(submission)));
    return { files, fileUri, submission, found: { contentHash: hashSubmission(submission), uri } };
  }

  it("when a file is missing, or the submission is malformed, finds nothing", async () => {
    const { files, fileUri, found } = await revealed();
    expect(await readDelivery(new Map(), found)).to.equal(undefined);
    const text = files.get(found.uri) as Uint8Array;
    expect(await readDelivery(new Map([[found.uri, text]]), found)).to.equal(undefined);
    const malformed = new TextEncoder().encode('{"kind":"data"}');
    expect(await readDelivery(new Map([...files, [found.uri, malformed]]), found)).to.equal(undefined);
    expect(await readDelivery(new Map([...files, [fileUri, content]]), found)).not.to.equal(undefined);
  });

  it("when a file is not the committed one, finds nothing", async () => {
    const { files, fileUri, found, submission } = await revealed();
    const other = new TextEncoder().encode("[0.9]");
    expect(await readDelivery(new Map([...files, [fileUri, other]]), found)).to.equal(undefined);
    const text = new TextEncoder().encode(formatSubmission({ ...submission, size: 1n }));
    expect(await readDelivery(new Map([...files, [found.uri, text]]), found)).to.equal(undefined);
  });

  it("when both files are there, finds content and submission", async () => {
    const { files, found, submission } = await revealed();
    expect(await readDelivery(files, found)).to.deep.equal({ content, submission });
  });
});
