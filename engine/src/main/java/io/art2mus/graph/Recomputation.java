package io.art2mus.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Trades time for memory: what the way back reads from inside a block of the network is not kept but computed again, from what the
 * block read, right before it is needed. Only what blocks hand on is kept.
 *
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al. 2016, section 4</a>
 */
public final class Recomputation {
    private final Function<String, Optional<String>> blocks;
    private final List<Graph.Node> forward;
    private final List<Graph.Node> backward;
    private final Set<Value> outputs;
    /** The node that makes a value which nobody outside of its block reads on the way forward. */
    private final Map<Value, Graph.Node> inside = new HashMap<>();

    private final Map<Value, Value> again = new HashMap<>();
    private final List<Graph.Node> rewritten = new ArrayList<>();
    private int nextId;

    private Recomputation(Graph graph, int forward, Function<String, Optional<String>> blocks) {
        this.blocks = blocks;
        this.forward = graph.nodes().subList(0, forward);
        this.backward = graph.nodes().subList(forward, graph.nodes().size());
        outputs = Set.copyOf(graph.outputs().values());
        nextId = 1;
        for (Graph.Node node : graph.nodes()) {
            nextId = Math.max(nextId, node.result().id() + 1);
        }
    }

    /**
     * The same computation with less memory.
     *
     * @param graph a way forward and a way back
     * @param forward how many of its operations are the way forward
     * @param blocks name of the block that a path of the model belongs to; empty for what stands between blocks
     */
    public static Graph of(Graph graph, int forward, Function<String, Optional<String>> blocks) {
        Recomputation rewriting = new Recomputation(graph, forward, blocks);
        rewriting.findInside();
        rewriting.rewrite();
        return new Graph(graph.inputs(), graph.parameters(), List.copyOf(rewriting.rewritten), graph.outputs());
    }

    private void findInside() {
        Map<Value, Graph.Node> makers = new HashMap<>();
        for (Graph.Node node : forward) {
            if (blocks.apply(node.path()).isPresent() && !outputs.contains(node.result())) {
                makers.put(node.result(), node);
            }
        }
        inside.putAll(makers);
        for (Graph.Node reader : forward) {
            for (Value operand : reader.operands()) {
                Graph.Node maker = makers.get(operand);
                if (maker != null && !blocks.apply(maker.path()).equals(blocks.apply(reader.path()))) {
                    inside.remove(operand);
                }
            }
        }
    }

    private void rewrite() {
        Map<String, Set<Value>> readFrom = new HashMap<>();
        for (Graph.Node node : backward) {
            for (Value operand : node.operands()) {
                Graph.Node maker = inside.get(operand);
                if (maker != null) {
                    readFrom.computeIfAbsent(blocks.apply(maker.path()).orElseThrow(), fresh -> new HashSet<>())
                            .add(operand);
                }
            }
        }
        rewritten.addAll(forward);
        for (Graph.Node node : backward) {
            for (Value operand : node.operands()) {
                if (inside.containsKey(operand) && !again.containsKey(operand)) {
                    String block = blocks.apply(inside.get(operand).path()).orElseThrow();
                    repeat(readFrom.getOrDefault(block, Set.of()));
                }
            }
            rewritten.add(new Graph.Node(node.path(), replaced(node.op()), node.result()));
        }
    }

    /** Appends once more, in their order, the operations inside a block that some of its values come from. */
    private void repeat(Set<Value> wanted) {
        Set<Value> needed = new HashSet<>(wanted);
        List<Graph.Node> repeated = new ArrayList<>();
        for (Graph.Node node : forward.reversed()) {
            if (needed.contains(node.result()) && inside.containsKey(node.result())) {
                repeated.add(node);
                needed.addAll(node.operands());
            }
        }
        for (Graph.Node node : repeated.reversed()) {
            Value result = node.result();
            Value copy = new Value(nextId++, result.shape(), result.kind());
            rewritten.add(new Graph.Node(node.path(), replaced(node.op()), copy));
            again.put(result, copy);
        }
    }

    private Op replaced(Op op) {
        return new Substitution(value -> again.getOrDefault(value, value)).in(op);
    }
}
