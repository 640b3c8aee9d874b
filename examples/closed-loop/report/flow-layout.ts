/** An amount of money at one place of the picture. */
export type FlowNode = {
  readonly label: string;
  readonly detail: string;
  readonly amount: bigint;
  /** Color, and for a beneficiary the split that pays it. */
  readonly group: string;
};

export type PlacedNode = FlowNode & { readonly y: number; readonly height: number };

/** A band of constant height between two nodes. */
export type Band = { readonly hubY: number; readonly node: PlacedNode };

/** Height of the largest column's money. */
const MONEY_HEIGHT = 300;
/** Two lines of text. */
const SLOT = 36;
const GAP = 9;
/** Two lines of text above a node. */
export const HEADROOM = 36;

/**
 * Stacks each column's nodes below `top`, all at one scale, columns centered.
 *
 * @param labeledAbove columns with labels above their nodes
 */
export function placeColumns(
  columns: readonly (readonly FlowNode[])[],
  top: number,
  labeledAbove: readonly number[] = [],
): { columns: PlacedNode[][]; height: number } {
  const largest = columns
    .map((nodes) => nodes.reduce((total, { amount }) => total + amount, 0n))
    .reduce(max, 0n);
  const heightOf = (amount: bigint): number =>
    largest === 0n ? 0 : (Number((amount * 1_000_000n) / largest) / 1_000_000) * MONEY_HEIGHT;
  const slotOf = (column: number, height: number): number =>
    labeledAbove.includes(column) ? HEADROOM + height : Math.max(height, SLOT);
  const tall = columns.map((nodes, i) =>
    nodes.reduce((total, { amount }) => total + slotOf(i, heightOf(amount)) + GAP, -GAP),
  );
  const room = Math.max(...tall, SLOT);
  const placed = columns.map((nodes, i) => {
    let y = top + (room - (tall[i] ?? 0)) / 2;
    return nodes.map((node) => {
      const height = heightOf(node.amount);
      const slot = slotOf(i, height);
      const at = y + (labeledAbove.includes(i) ? HEADROOM : (slot - height) / 2);
      y += slot + GAP;
      return { ...node, y: at, height };
    });
  });
  return { columns: placed, height: top + room };
}

/** The bands between a hub and its nodes. They meet the hub in the nodes' order, without gaps. */
export function fan(hub: PlacedNode, nodes: readonly PlacedNode[]): Band[] {
  let hubY = hub.y;
  return nodes
    .filter(({ amount }) => amount > 0n)
    .map((node) => {
      const band = { hubY, node };
      hubY += node.height;
      return band;
    });
}

/** The first `limit` nodes, and all others as one node. */
export function fold(
  nodes: readonly FlowNode[],
  limit: number,
  describe: (amount: bigint) => string,
): FlowNode[] {
  const rest = nodes.slice(limit);
  const [first] = rest;
  if (rest.length < 2 || !first) return [...nodes];
  const amount = rest.reduce((total, node) => total + node.amount, 0n);
  return [
    ...nodes.slice(0, limit),
    { ...first, label: `${rest.length} more`, amount, detail: describe(amount) },
  ];
}

/** Keeps a label inside its column; the full text goes into the tooltip. */
export function shorten(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length
    ? text
    : `${characters
        .slice(0, length - 1)
        .join("")
        .trimEnd()}…`;
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
