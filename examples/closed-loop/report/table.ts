import { type Markup, markup } from "./markup.ts";

/** A table, scrolling inside its frame. A title with `#` in front heads a column of numbers. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly Markup[])[],
  total?: readonly Markup[],
): Markup {
  return markup`<div class="scroll"><table>
<tr>${titles.map(title)}</tr>
${rows.map((cells) => markup`<tr>${cells}</tr>\n`)}${total ? markup`<tr class="total">${total}</tr>` : ""}
</table></div>`;
}

function title(text: string): Markup {
  return text.startsWith("#")
    ? markup`<th class="number" scope="col">${text.slice(1)}</th>`
    : markup`<th scope="col">${text}</th>`;
}

export const cell = (text: string): Markup => markup`<td class="name"><bdi>${text}</bdi></td>`;

export const number = (text: string): Markup => markup`<td class="number">${text}</td>`;
