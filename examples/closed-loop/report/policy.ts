import { type Markup, markup } from "./markup.ts";
import type { ReportModel } from "./model.ts";

/** The license's policy in plain English. Indented lines are conditions of the line before. */
export function policy({ policy: { text, hash } }: ReportModel): Markup {
  const [title = "", ...lines] = text.split("\n");
  const row = (line: string) =>
    markup`<li${line.startsWith("  ") ? markup` style="margin-left:1.5em"` : ""}><bdi>${line.replace(/^ *(- )?/, "")}</bdi></li>`;
  return markup`<h2>What a license allows</h2>
<p class="soft">The service's policy, “<bdi>${title}</bdi>”, is written in ODRL. Its terms are on the chain with its hash, <code>${hash}</code>. <code>npm run policy -- check examples/closed-loop/parties/policy.json</code> computes it again.</p>
<ul>${lines.map(row)}</ul>`;
}
