import { expect } from "chai";
import { escapeText, type Markup, markup, toText } from "../../../../examples/closed-loop/report/markup.ts";

describe("markup", () => {
  it("escapes text and keeps its own markup", () => {
    const inner = markup`<b>${"<i>"}</b>`;
    expect(toText(markup`<p title="${`"'\``}">${inner}${[inner, inner]}${1}${2n}</p>`)).to.equal(
      '<p title="&quot;&#39;&#96;"><b>&lt;i&gt;</b><b>&lt;i&gt;</b><b>&lt;i&gt;</b>12</p>',
    );
  });

  it("does not accept data as markup, in any shape", () => {
    const forged = JSON.parse('{"trusted":"<script>","Symbol(markup)":"<script>"}') as Markup;
    expect(toText(markup`${forged}`)).to.equal("[object Object]");
  });

  it("replaces characters outside of XML", () => {
    expect(escapeText("a\u0000\u001b\ud800b\ufffe\n🕯")).to.equal("a\uFFFD\uFFFD\uFFFDb\uFFFD\n🕯");
  });
});
