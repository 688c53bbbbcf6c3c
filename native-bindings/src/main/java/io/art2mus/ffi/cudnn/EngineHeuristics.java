package io.art2mus.ffi.cudnn;

import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_ENGINEHEUR_MODE;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_ATTR_ENGINEHEUR_RESULTS;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_HEUR_MODE_A;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_HEUR_MODE_FALLBACK;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_BACKEND_DESCRIPTOR;
import static io.art2mus.ffi.generated.cudnn.cudnn_h.CUDNN_TYPE_HEUR_MODE;

import io.art2mus.ffi.HandleScope;
import java.util.ArrayList;
import java.util.List;

/** What cuDNN proposes for a graph. */
final class EngineHeuristics extends BackendDescriptor {
    private EngineHeuristics(Cudnn library) {
        super(library, CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR());
    }

    /** Engines with their settings, best first, then those that are slow but compute almost anything; owned by {@code scope}. */
    static List<EngineConfiguration> proposals(Cudnn library, OperationGraph graph, HandleScope scope) {
        List<EngineConfiguration> proposals = new ArrayList<>();
        for (int mode : new int[] {CUDNN_HEUR_MODE_A(), CUDNN_HEUR_MODE_FALLBACK()}) {
            proposals.addAll(proposals(library, graph, mode, scope));
        }
        return proposals;
    }

    private static List<EngineConfiguration> proposals(
            Cudnn library, OperationGraph graph, int mode, HandleScope scope) {
        EngineHeuristics heuristics = new EngineHeuristics(library);
        try {
            heuristics.setDescriptor(CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH(), graph);
            heuristics.setEnumeration(CUDNN_ATTR_ENGINEHEUR_MODE(), CUDNN_TYPE_HEUR_MODE(), mode);
            heuristics.finalise();
            int count = heuristics.count(CUDNN_ATTR_ENGINEHEUR_RESULTS(), CUDNN_TYPE_BACKEND_DESCRIPTOR());
            List<EngineConfiguration> empty = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                empty.add(scope.own(new EngineConfiguration(library)));
            }
            return count == 0
                    ? List.of()
                    : empty.subList(0, heuristics.readInto(CUDNN_ATTR_ENGINEHEUR_RESULTS(), empty));
        } catch (CudnnException failure) {
            if (failure.isUnsupported()) {
                return List.of();
            }
            throw failure;
        } finally {
            heuristics.close();
        }
    }
}
