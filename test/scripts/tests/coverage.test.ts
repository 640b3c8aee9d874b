import { expect } from "chai";
import { coverageProblems, isCovered } from "../../../scripts/tests/coverage.ts";

const REPORT = `TN:
SF:contracts/coin/A.sol
DA:3,1
DA:4,0
DA:9,0
LH:1
LF:3
end_of_record
TN:
SF:contracts/coin/B.sol
DA:5,1
LH:1
LF:1
end_of_record
TN:
SF:contracts/coin/Empty.sol
LH:0
LF:0
end_of_record
`;

describe("coverageProblems", () => {
  it("when all lines of all sources are covered, finds none", () => {
    expect(coverageProblems(REPORT, ["contracts/coin/B.sol"])).to.deep.equal([]);
  });

  it("when no test runs some lines, names them", () => {
    expect(coverageProblems(REPORT, ["contracts/coin/A.sol", "contracts/coin/B.sol"])).to.deep.equal([
      "contracts/coin/A.sol: no test runs line 4, 9.",
    ]);
  });

  it("when a source is not in the report, names it", () => {
    expect(coverageProblems(REPORT, ["contracts/coin/B.sol", "contracts/coin/C.sol"])).to.deep.equal([
      "contracts/coin/C.sol is not in the coverage report.",
    ]);
  });

  it("when a source has no lines in the report, names it", () => {
    expect(coverageProblems(REPORT, ["contracts/coin/Empty.sol"])).to.deep.equal([
      "contracts/coin/Empty.sol is not in the coverage report.",
    ]);
  });

  it("when the report is empty, names every source", () => {
    expect(coverageProblems("", ["contracts/coin/A.sol", "contracts/coin/B.sol"])).to.have.lengthOf(2);
  });
});

describe("isCovered", () => {
  it("leaves out interfaces, verifiers and testing only", () => {
    const sources = [
      "contracts/coin/ICoinSale.sol",
      "contracts/verifiers/UsageRangeVerifier.sol",
      "contracts/testing/GridTest.sol",
      "contracts/coin/CoinSale.sol",
      "contracts/settlement/Issuer.sol",
    ];
    expect(sources.filter(isCovered)).to.deep.equal([
      "contracts/coin/CoinSale.sol",
      "contracts/settlement/Issuer.sol",
    ]);
  });
});
