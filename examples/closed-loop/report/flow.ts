import { formatShort } from "./amounts.ts";
import {
  type Band,
  type FlowNode,
  fan,
  fold,
  type PlacedNode,
  placeColumns,
  shorten,
} from "./flow-layout.ts";
import { type Markup, markup, toText, unescaped } from "./markup.ts";
import { KEPT_BACK, type ReportModel, ROLES, sum } from "./model.ts";

const WIDTH = 1120;
const MARGIN = 24;
/** Room for titles, and for the label of the escrow: ribbons enter and leave it on both sides. */
const HEADER = 96;
const TITLE_Y = 34;
const BAR = 14;
const NOTE_LINE = 18;
/** Ribbons run straight for `straight` pixels beside a bar, so that labels above it lie on none. */
const COLUMNS = [
  { x: 206, title: "Customers pay", labels: "left", letters: 24, straight: 0 },
  { x: 404, title: "Escrow", labels: "top", letters: 26, straight: 0 },
  { x: 630, title: "The router splits", labels: "above", letters: 20, straight: 78 },
  { x: 866, title: "Beneficiaries earn", labels: "right", letters: 28, straight: 0 },
] as const;
type Column = (typeof COLUMNS)[number];

/** Most nodes of customers, and most of each role; the others are drawn as one. */
const MAX_CUSTOMERS = 12;
const MAX_PER_ROLE = 8;

const STYLE = unescaped(`
.flow-panel{fill:#fff;stroke:#d1d9e0}.flow-text{fill:#1f2328}.flow-soft{fill:#59636e}
.flow-customer{fill:#6b7c93}.flow-escrow{fill:#47566b}.flow-unused{fill:#9aa7b6}
.flow-Data{fill:#2f7ed8}.flow-Model{fill:#8459d0}.flow-Compute{fill:#159a84}.flow-Platform{fill:#d97a1f}
.flow-band{opacity:.25}
@media(prefers-color-scheme:dark){.flow-panel{fill:#0d1117;stroke:#30363d}.flow-text{fill:#f0f6fc}.flow-soft{fill:#9198a1}
.flow-customer{fill:#8b9bb0}.flow-escrow{fill:#a9b7c9}.flow-unused{fill:#6e7b8a}.flow-band{opacity:.36}}
`);

/** The flow of money as a self-contained SVG: readable on light and dark pages, no script, no request. */
export function renderFlowSvg(model: ReportModel): string {
  return `${toText(flowSvg(model))}\n`;
}

/** The same picture as part of a page. */
export function flowSvg(model: ReportModel): Markup {
  const above = COLUMNS.flatMap(({ labels }, i) => (labels === "above" ? [i] : []));
  const { columns, height } = placeColumns(columnsOf(model), HEADER, above);
  const notes = keptBack(model) > 0n ? KEPT_BACK : [];
  const bottom = height + MARGIN + (notes.length > 0 ? MARGIN : 0) + notes.length * NOTE_LINE;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${bottom}" viewBox="0 0 ${WIDTH} ${bottom}" role="img" aria-label="Flow of money from customers to beneficiaries" font-family="ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">
<style>${STYLE}</style>
<rect class="flow-panel" x="0.5" y="0.5" width="${WIDTH - 1}" height="${bottom - 1}" rx="10"/>
${COLUMNS.map(drawTitle)}
${bandsOf(columns)}
${COLUMNS.flatMap((column, i) => (columns[i] ?? []).map((node) => drawNode(column, node)))}
${notes.map((note, i) => drawNote(note, height + 2 * MARGIN + i * NOTE_LINE))}
</svg>`;
}

const keptBack = ({ closings }: ReportModel): bigint => sum(closings.map((row) => row.kept));

function columnsOf(model: ReportModel): FlowNode[][] {
  const { customers, legs, earnings, offer, currency } = model;
  const paid = sum(customers.map((row) => row.paid));
  const kept = keptBack(model);
  const unused = sum(customers.map((row) => row.unused)) - kept;
  const inWords = (amount: bigint): string => formatShort(amount, currency);
  const node = (label: string, amount: bigint, group: string, more = ""): FlowNode => {
    return { label, amount, group, detail: inWords(amount) + more };
  };
  const settled = sum(legs.map(({ amount }) => amount));
  const splits = ROLES.map((role) => {
    const leg = sum(legs.filter((row) => row.role === role).map(({ amount }) => amount));
    return node(`${role} ${percent(leg, settled)}`, leg, role);
  });
  const earners = ROLES.map((role) => earnings.filter((row) => row.role === role).sort(byAmount));
  return [
    fold(
      customers.map((row) => node(row.name, row.paid, "customer", ` · ${row.application}`)),
      MAX_CUSTOMERS,
      inWords,
    ),
    [node(offer.capsule, paid, "escrow")],
    [
      ...splits,
      ...[node("Unused, refundable", unused, "unused"), node("Kept back by bounds", kept, "unused")].filter(
        ({ amount }) => amount > 0n,
      ),
    ],
    earners.flatMap((rows) =>
      fold(
        rows.map((row) => node(row.beneficiary, row.amount, row.role)),
        MAX_PER_ROLE,
        inWords,
      ),
    ),
  ];
}

const percent = (part: bigint, whole: bigint): string =>
  whole === 0n ? "" : `${Math.round(Number((part * 10_000n) / whole) / 100)} %`;

const byAmount = (a: { amount: bigint }, b: { amount: bigint }): number =>
  Number(b.amount > a.amount) - Number(b.amount < a.amount);

function bandsOf([customers = [], hubs = [], splits = [], earners = []]: readonly PlacedNode[][]): Markup[] {
  const [escrow] = hubs;
  if (!escrow) return [];
  const [first, second, third, fourth] = COLUMNS;
  return [
    ...fan(escrow, customers).map((band) => drawBand(second, first, band)),
    ...fan(escrow, splits).map((band) => drawBand(second, third, band)),
    ...splits.flatMap((split) =>
      fan(
        split,
        earners.filter(({ group }) => group === split.group),
      ).map((band) => drawBand(third, fourth, band)),
    ),
  ];
}

function drawTitle({ x, title, labels }: Column): Markup {
  const { textX, anchor } = besides(x, labels, 0);
  return markup`<text class="flow-soft" x="${textX}" y="${TITLE_Y}" font-weight="600" text-anchor="${anchor}">${title}</text>\n`;
}

function besides(x: number, labels: Column["labels"], distance: number): { textX: number; anchor: string } {
  if (labels === "left") return { textX: distance === 0 ? x + BAR : x - distance, anchor: "end" };
  if (labels === "right") return { textX: distance === 0 ? x : x + BAR + distance, anchor: "start" };
  return { textX: x + BAR / 2, anchor: "middle" };
}

/** A band between the hub's column and the node's, whichever is on the left. */
function drawBand(hub: Column, column: Column, { hubY, node }: Band): Markup {
  const isLeft = hub.x < column.x;
  const [from, to] = isLeft ? [hub, column] : [column, hub];
  const [y1, y2] = isLeft ? [hubY, node.y] : [node.y, hubY];
  const [x1, x2] = [from.x + BAR, to.x];
  const [start, end] = [x1 + from.straight, x2 - to.straight];
  const middle = (start + end) / 2;
  const thickness = Math.max(node.height, 0.75);
  const path = [
    `M${x1} ${round(y1)}H${start}C${middle} ${round(y1)} ${middle} ${round(y2)} ${end} ${round(y2)}H${x2}v${round(thickness)}`,
    `H${end}C${middle} ${round(y2 + thickness)} ${middle} ${round(y1 + thickness)} ${start} ${round(y1 + thickness)}H${x1}Z`,
  ].join("");
  return markup`<path class="flow-band flow-${node.group}" d="${path}"/>\n`;
}

function drawNode({ x, labels, letters }: Column, node: PlacedNode): Markup {
  const { textX, anchor } = besides(x, labels, 9);
  const y = labelY(labels, node);
  return markup`<g><title>${node.label}: ${node.detail}</title>
<rect class="flow-${node.group}" x="${x}" y="${round(node.y)}" width="${BAR}" height="${round(Math.max(node.height, 2))}" rx="2"/>
<text class="flow-text" x="${textX}" y="${round(y)}" text-anchor="${anchor}" font-weight="600">${shorten(node.label, letters)}</text>
<text class="flow-soft" x="${textX}" y="${round(y + 16)}" text-anchor="${anchor}" font-size="12">${shorten(node.detail, letters + 4)}</text></g>
`;
}

/** Baseline of a label's first line. */
function labelY(labels: Column["labels"], { y, height }: PlacedNode): number {
  if (labels === "top") return TITLE_Y + 24;
  return labels === "above" ? y - 23 : y + height / 2 - 3;
}

function drawNote(text: string, y: number): Markup {
  return markup`<text class="flow-soft" x="${MARGIN}" y="${round(y)}" font-size="12">${text}</text>\n`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
