import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { defineConfig, type MarkdownRenderer } from "vitepress";

/** A guide's or record's entry in the menu, by its heading. */
function entries(pattern: string) {
  return globSync(pattern, { cwd: "docs" })
    .sort()
    .map((file) => ({ text: headingOf(`docs/${file}`), link: `/${file.replace(/\.md$/, "")}` }));
}

function headingOf(file: string): string {
  const [, heading = file] = /^# (.*)$/m.exec(readFileSync(file, "utf8")) ?? [];
  return heading.replaceAll("`", "");
}

/** Sources outside of docs/ are not part of the site: their links become plain text. */
function unlinkSources(md: MarkdownRenderer): void {
  md.core.ruler.push("unlink-sources", ({ tokens, env }) => {
    const page = posix.dirname(env.relativePath ?? "");
    for (const { children } of tokens) {
      let outside = false;
      for (const token of children ?? []) {
        if (token.type === "link_open") outside = isOutside(page, token.attrGet("href") ?? "");
        if (!outside || !/^link_(open|close)$/.test(token.type)) continue;
        if (token.type === "link_close") outside = false;
        Object.assign(token, { type: "text", tag: "", nesting: 0, content: "" });
      }
    }
  });
}

function isOutside(page: string, href: string): boolean {
  return !/^(\w+:|#|\/)/.test(href) && posix.join(page, href).startsWith("../");
}

export default defineConfig({
  title: "Benefit Grid",
  description: "The open settlement layer for AI: license, meter, and pay everyone exactly.",
  base: process.env.DOCS_BASE ?? "/",
  cleanUrls: false,
  lastUpdated: false,
  metaChunk: true,
  rewrites: {
    "reference/:folder*/README.md": "reference/:folder*/index.md",
    "reference/README.md": "reference/index.md",
  },
  markdown: { config: unlinkSources },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Guides", link: "/guides/license-and-meter" },
      { text: "Errors", link: "/errors" },
      { text: "SDK", link: "/reference/" },
    ],
    sidebar: [
      {
        text: "Overview",
        items: [
          { text: "Architecture", link: "/architecture" },
          { text: "Privacy", link: "/privacy" },
          { text: "Errors", link: "/errors" },
          { text: "SDK reference", link: "/reference/" },
        ],
      },
      { text: "Guides", items: entries("guides/*.md") },
      { text: "Decisions", collapsed: true, items: entries("adr/*.md") },
    ],
  },
});
