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
import { type ReportModel, ROLES, sum } from "./model.ts";

const WIDTH = 1120;
const MARGIN = 24;
const HEADER = 76;
const BAR = 14;
const COLUMNS = [
  { x: 206, title: "Customers pay", labels: "left", letters: 24 },
  { x: 414, title: "Escrow", labels: "above", letters: 26 },
  { x: 644, title: "The router splits", labels: "left", letters: 24 },
  { x: 866, title: "Beneficiaries earn", labels: "right", letters: 28 },
] as const;
type Column = (typeof COLUMNS)[number];

/** Nodes shown per column of customers and per role; the others are drawn as one. */
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

/** The same picture for a page that contains it. */
export function flowSvg(model: ReportModel): Markup {
  const { columns, height } = placeColumns(columnsOf(model), HEADER);
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height + MARGIN}" viewBox="0 0 ${WIDTH} ${height + MARGIN}" role="img" aria-label="Flow of money from customers to beneficiaries" font-family="ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">
<style>${STYLE}</style>
<rect class="flow-panel" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height + MARGIN - 1}" rx="10"/>
${COLUMNS.map(drawTitle)}
${bandsOf(columns)}
${COLUMNS.flatMap((column, i) => (columns[i] ?? []).map((node) => drawNode(column, node)))}
</svg>`;
}

function columnsOf({ customers, legs, earnings, closings, offer, currency }: ReportModel): FlowNode[][] {
  const paid = sum(customers.map((row) => row.paid));
  const kept = sum(closings.map((row) => row.kept));
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
  return markup`<text class="flow-soft" x="${textX}" y="34" font-weight="600" text-anchor="${anchor}">${title}</text>\n`;
}

function besides(x: number, labels: Column["labels"], distance: number): { textX: number; anchor: string } {
  if (labels === "above") return { textX: x + BAR / 2, anchor: "middle" };
  if (labels === "left") return { textX: distance === 0 ? x + BAR : x - distance, anchor: "end" };
  return { textX: distance === 0 ? x : x + BAR + distance, anchor: "start" };
}

/** A band from the hub's column to the node's, whichever is on the left. */
function drawBand(hub: Column, column: Column, { hubY, node }: Band): Markup {
  const isLeft = hub.x < column.x;
  const [x1, y1, x2, y2] = isLeft
    ? [hub.x + BAR, hubY, column.x, node.y]
    : [column.x + BAR, node.y, hub.x, hubY];
  const middle = (x1 + x2) / 2;
  const thickness = Math.max(node.height, 0.75);
  const path = [
    `M${x1} ${round(y1)}C${middle} ${round(y1)} ${middle} ${round(y2)} ${x2} ${round(y2)}v${round(thickness)}`,
    `C${middle} ${round(y2 + thickness)} ${middle} ${round(y1 + thickness)} ${x1} ${round(y1 + thickness)}Z`,
  ].join("");
  return markup`<path class="flow-band flow-${node.group}" d="${path}"/>\n`;
}

function drawNode({ x, labels, letters }: Column, node: PlacedNode): Markup {
  const { textX, anchor } = besides(x, labels, 9);
  const y = labels === "above" ? node.y - 25 : node.y + node.height / 2 - 3;
  return markup`<g><title>${node.label}: ${node.detail}</title>
<rect class="flow-${node.group}" x="${x}" y="${round(node.y)}" width="${BAR}" height="${round(Math.max(node.height, 2))}" rx="2"/>
<text class="flow-text" x="${textX}" y="${round(y)}" text-anchor="${anchor}" font-weight="600">${shorten(node.label, letters)}</text>
<text class="flow-soft" x="${textX}" y="${round(y + 16)}" text-anchor="${anchor}" font-size="12">${shorten(node.detail, letters + 6)}</text></g>
`;
}

const round = (value: number): number => Math.round(value * 100) / 100;
