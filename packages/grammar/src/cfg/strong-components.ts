/**
 * The strongly connected components of the nodes reachable from `roots`, each after those that it leads to.
 *
 * Iterative, O(nodes + edges).
 * @see Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1(2), 1972
 */
export function strongComponents(roots: Iterable<number>, successors: (node: number) => readonly number[]): number[][] {
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const components: number[][] = [];
  const path: { readonly node: number; readonly edges: readonly number[]; at: number }[] = [];
  const enter = (node: number): void => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    open.push(node);
    isOpen.add(node);
    path.push({ node, edges: successors(node), at: 0 });
  };
  for (const root of roots) {
    if (order.has(root)) continue;
    enter(root);
    while (path.length > 0) {
      const visit = path[path.length - 1];
      const { node } = visit;
      if (visit.at < visit.edges.length) {
        const to = visit.edges[visit.at++];
        if (!order.has(to)) enter(to);
        else if (isOpen.has(to)) low.set(node, Math.min(low.get(node)!, order.get(to)!));
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) low.set(above.node, Math.min(low.get(above.node)!, low.get(node)!));
      if (low.get(node) !== order.get(node)) continue;
      const component: number[] = [];
      for (;;) {
        const member = open.pop()!;
        isOpen.delete(member);
        component.push(member);
        if (member === node) break;
      }
      components.push(component);
    }
  }
  return components;
}
