import { expect } from "chai";
import {
  continues,
  digestOf,
  newTranscript,
  parseTranscript,
  requireFinished,
  type Step,
  type Transcript,
  transcriptText,
} from "../../../scripts/ceremony/transcript.ts";
import { CircuitError } from "../../../scripts/circuits/errors.ts";

const sha = (digit: string) => digit.repeat(64);
const blake = (digit: string) => digit.repeat(128);

function sample(): Transcript {
  const start = { circuit: "usage-range", r1cs: sha("a"), key: sha("0") };
  const transcript = newTranscript({ ...start, phase1: { file: "some.ptau", blake2b: blake("b") } });
  transcript.contributions.push(
    { name: "Alice", hash: blake("1"), before: sha("0"), after: sha("1") },
    { name: "Bob", hash: blake("2"), before: sha("1"), after: sha("2") },
    {
      name: "a beacon",
      hash: blake("3"),
      before: sha("2"),
      after: sha("3"),
      beacon: { hash: "ff", iterationsExp: 10 },
    },
  );
  return transcript;
}

function refusal(text: string): string {
  try {
    parseTranscript(text, "t.json");
    return "";
  } catch (error) {
    expect(error).to.be.instanceOf(CircuitError);
    return (error as CircuitError).message;
  }
}

describe("transcript", () => {
  it("when written and read, is the same, byte for byte", () => {
    const text = transcriptText(sample());
    expect(parseTranscript(text, "t.json")).to.deep.equal(sample());
    expect(transcriptText(parseTranscript(text, "t.json"))).to.equal(text);
  });

  it("when edited in any character, is refused or has another digest", () => {
    const text = transcriptText(sample());
    for (let i = 0; i < text.length; i++) {
      const edited = `${text.slice(0, i)}${text[i] === "1" ? "2" : "1"}${text.slice(i + 1)}`;
      try {
        expect(digestOf(parseTranscript(edited, "t.json"))).not.to.equal(digestOf(sample()));
      } catch (error) {
        expect(error).to.be.instanceOf(CircuitError);
      }
    }
  });

  it("when its form differs, says that it was changed by hand", () => {
    const text = transcriptText(sample());
    const byHand = "t.json is no transcript of a ceremony: it was changed by hand. Get it again.";
    expect(refusal(text.trimEnd())).to.equal(byHand);
    expect(refusal(JSON.stringify(sample()))).to.equal(byHand);
    expect(refusal(text.replace('"name": "Bob"', '"name": "Bob",\n      "role": "chair"'))).to.equal(byHand);
  });

  it("when a field is missing or impossible, names it", () => {
    const broken = (change: (transcript: Record<string, unknown> & { contributions: Step[] }) => void) => {
      const transcript = JSON.parse(transcriptText(sample()));
      change(transcript);
      return refusal(JSON.stringify(transcript));
    };
    expect(refusal("no")).to.contain("it is not JSON");
    expect(refusal("null")).to.contain("its format is not");
    expect(broken((t) => Object.assign(t, { format: "2" }))).to.contain("its format is not");
    expect(broken((t) => delete t.circuit)).to.contain("it names no circuit");
    expect(broken((t) => Object.assign(t, { key: sha("G") }))).to.contain("are not SHA-256 hashes");
    expect(broken((t) => delete t.phase1)).to.contain("phase1 has no BLAKE2b hash");
    expect(broken((t) => Object.assign(t, { contributions: {} }))).to.contain("no list of contributions");
    expect(broken((t) => t.contributions.unshift(null as unknown as Step))).to.contain(
      "contribution 1 has no name",
    );
    expect(broken(({ contributions: [first] }) => Object.assign(first ?? {}, { after: 1 }))).to.contain(
      "contribution 1 has no hashes of keys",
    );
    expect(broken((t) => t.contributions.reverse())).to.contain("contribution 1 begins with another key");
    expect(
      broken((t) =>
        t.contributions.push({ name: "Eve", hash: blake("4"), before: sha("3"), after: sha("4") }),
      ),
    ).to.contain("contribution 4 follows the beacon");
    expect(
      broken(({ contributions }) => Object.assign(contributions[2] ?? {}, { beacon: { hash: "x" } })),
    ).to.contain("contribution 3 has no valid beacon");
  });

  it("when contributions are added, continues the earlier one; when one is lost or renamed, not", () => {
    const [earlier, renamed, lost] = [sample(), sample(), sample()];
    earlier.contributions.splice(2);
    Object.assign(renamed.contributions[0] ?? {}, { name: "Ann" });
    lost.contributions.splice(1);
    expect(continues(sample(), earlier)).to.equal(true);
    expect(digestOf(sample(), 2)).to.equal(digestOf(earlier));
    expect([continues(renamed, earlier), continues(lost, earlier)]).to.deep.equal([false, false]);
  });

  it("when people or beacon are missing, is not finished", () => {
    const { contributions } = sample();
    expect(requireFinished("3.zkey", contributions)).to.deep.equal({ hash: "ff", iterationsExp: 10 });
    expect(() => requireFinished("3.zkey", contributions.slice(0, 2))).to.throw(
      CircuitError,
      "has no beacon",
    );
    expect(() => requireFinished("3.zkey", contributions.slice(1))).to.throw(CircuitError, "of 1 people");
  });
});
