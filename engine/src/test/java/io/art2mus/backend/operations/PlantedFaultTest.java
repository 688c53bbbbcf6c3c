package io.art2mus.backend.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.art2mus.Tolerance;
import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.reference.ReferenceBackend;
import io.art2mus.graph.Graph;
import io.art2mus.graph.Op;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

/** The contract turns red for a backend that is wrong in one place, and stays green for the operations beside it. */
class PlantedFaultTest {
    /** One number is not among them: it lies near 0, where the two agree. */
    @Test
    void theTanhApproximationIsNotGelu() throws Throwable {
        assertThat(failures(new FaultyBackend())).containsExactly("gelu, far tails", "gelu, four axes");
    }

    private static SortedSet<String> failures(Backend backend) throws Throwable {
        OperationsContract contract = new OperationsContract(() -> backend, Tolerance.OPERATION_F32) {};
        SortedSet<String> failures = new TreeSet<>();
        for (DynamicTest test : contract.everyOperationEqualsTheReference().toList()) {
            if (!test.getDisplayName().startsWith("ge")) {
                continue;
            }
            try {
                test.getExecutable().execute();
            } catch (AssertionError failure) {
                failures.add(test.getDisplayName());
            }
        }
        return failures;
    }

    private static final class FaultyBackend implements Backend {
        private final Backend reference = new ReferenceBackend();

        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public Plan compile(Graph graph, Map<String, DeviceBuffer> bound) {
            List<Graph.Node> nodes = graph.nodes().stream()
                    .map(node -> new Graph.Node(node.path(), faulty(node.op()), node.result()))
                    .toList();
            return reference.compile(new Graph(graph.inputs(), graph.parameters(), nodes, graph.outputs()), bound);
        }

        private static Op faulty(Op op) {
            return op instanceof Op.Elementwise(var x, var function) && function == Op.Elementwise.Function.GELU
                    ? new Op.Elementwise(x, Op.Elementwise.Function.GELU_TANH)
                    : op;
        }

        @Override
        public void close() {
            reference.close();
        }
    }
}
