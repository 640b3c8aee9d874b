import { expect } from "chai";
import { releaseProblems } from "../../../scripts/lib/release.ts";

const READY = {
  manifests: {
    sdk: { name: "@grid/sdk", version: "0.2.0" },
    "services/meter": {
      name: "@grid/meter",
      version: "0.2.0",
      dependencies: { "@grid/sdk": "0.2.0", hono: "4.0.0" },
    },
  },
  changelog: "# Changelog\n\n## 0.2.0 (2026-11-22)\n\n### SDK\n\n- Something.\n\n## 0.1.0\n\n- The first.\n",
  changedFiles: "",
};

describe("releaseProblems", () => {
  it("of a release that is ready, are none", () => {
    expect(releaseProblems(READY)).to.deep.equal([]);
  });

  it("name a package of another version, and one that wants another", () => {
    const manifests = {
      ...READY.manifests,
      circuits: { name: "@grid/circuits", version: "0.1.0", peerDependencies: { "@grid/sdk": "^0.2.0" } },
    };
    expect(releaseProblems({ ...READY, manifests })).to.deep.equal([
      "circuits has version 0.1.0, others 0.2.0.",
      "circuits wants @grid/sdk ^0.2.0, but its version is 0.2.0.",
    ]);
  });

  it("name a changelog without this version, or with nothing under it", () => {
    const nothing = ['CHANGELOG.md says nothing under "## 0.2.0".'];
    for (const changelog of [
      "",
      "## Unreleased\n\n- a\n",
      "## 0.2.0\n\n## 0.1.0\n\n- a\n",
      "## 0.2.01\n\n- a\n",
    ]) {
      expect(releaseProblems({ ...READY, changelog }), changelog).to.deep.equal(nothing);
    }
  });

  it("count uncommitted files", () => {
    expect(releaseProblems({ ...READY, changedFiles: " M a\n?? b" })).to.deep.equal([
      "Uncommitted changes: 2 files. Commit them first.",
    ]);
  });
});
