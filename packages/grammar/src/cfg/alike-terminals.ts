import type { WorkBudget } from "../budget/work-budget.ts";
import { foldedText } from "./folded-text.ts";
import type { ByteBits } from "./byte-bits.ts";
import { addBytes, newByteBits } from "./byte-bits.ts";
import { type ProductionSymbol, symbolOfLabel } from "./productions.ts";
import type { RuleNetworks } from "./rule-networks.ts";
import type { NetworkEdge, SymbolNetwork } from "./symbol-network.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface AlikeTerminalsParts {
  readonly terminals: TerminalTable;
  /** Terminals that stay as they are. */
  readonly ignored: ReadonlySet<Label>;
  /** By label: the bytes that may follow it; extended by those of the terminals that are added. */
  readonly follow: ByteBits[];
  readonly budget: WorkBudget;
}

/**
 * The networks with one terminal in the place of literals that lead to the same place wherever they may stand: the twenty operators
 * between two operands are one terminal then, and so is what follows them.
 *
 * Only literals that share no text with another one are joined: which terminal wins over which is the same for all of them.
 */
export function withAlikeTerminalsJoined(networks: RuleNetworks, parts: AlikeTerminalsParts): RuleNetworks {
  const { terminals, follow, budget } = parts;
  const joinable = joinableLiterals(parts);
  const uses = new Map<Label, string>();
  const all = [networks.whole, ...networks.networks];
  for (const [number, network] of all.entries()) {
    if (network === undefined) continue;
    for (const [state, leaving] of network.edges.entries()) {
      for (const { symbol, to } of leaving) {
        if (symbol >= 0 || !joinable.has(~symbol)) continue;
        budget.spend();
        uses.set(~symbol, `${uses.get(~symbol) ?? terminals.at(~symbol).rank.priority};${number},${state}>${to}`);
      }
    }
  }
  const groups = new Map<string, Label[]>();
  for (const [label, use] of uses) {
    const group = groups.get(use);
    if (group === undefined) groups.set(use, [label]);
    else group.push(label);
  }
  const joined = new Map<ProductionSymbol, ProductionSymbol>();
  for (const labels of groups.values()) {
    if (labels.length === 1) continue;
    const label = terminals.addUnion(labels);
    follow[label] = newByteBits();
    for (const member of labels) {
      addBytes(follow[label], follow[member]);
      joined.set(symbolOfLabel(member), symbolOfLabel(label));
    }
  }
  if (joined.size === 0) return networks;
  return {
    networks: networks.networks.map((network) => (network === undefined ? undefined : renamed(network, joined))),
    whole: renamed(networks.whole, joined),
  };
}

function joinableLiterals({ terminals, ignored }: AlikeTerminalsParts): ReadonlySet<Label> {
  const byText = new Map<string, Label[]>();
  for (let label = 0; label < terminals.count; label++) {
    const { isLiteral, text } = terminals.at(label).rank;
    if (!isLiteral || text === undefined) continue;
    const folded = foldedText(text);
    const same = byText.get(folded);
    if (same === undefined) byText.set(folded, [label]);
    else same.push(label);
  }
  const alone = [...byText.values()].flatMap((labels) => (labels.length === 1 ? labels : []));
  return new Set(alone.filter((label) => !ignored.has(label) && !terminals.at(label).isNullable));
}

function renamed(
  { edges, isAccepting }: SymbolNetwork,
  names: ReadonlyMap<ProductionSymbol, ProductionSymbol>,
): SymbolNetwork {
  return {
    edges: edges.map((leaving) => {
      const seen = new Set<string>();
      const kept: NetworkEdge[] = [];
      for (const { symbol, to } of leaving) {
        const edge = { symbol: names.get(symbol) ?? symbol, to };
        const key = `${edge.symbol}>${to}`;
        if (seen.has(key)) continue;
        seen.add(key);
        kept.push(edge);
      }
      return kept.sort((a, b) => a.symbol - b.symbol);
    }),
    isAccepting,
  };
}
