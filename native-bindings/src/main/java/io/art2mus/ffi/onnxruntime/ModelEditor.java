package io.art2mus.ffi.onnxruntime;

import io.art2mus.ffi.generated.onnxruntime.OrtApi;
import io.art2mus.ffi.generated.onnxruntime.OrtModelEditorApi;
import io.art2mus.ffi.generated.onnxruntime.onnxruntime_h;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds the library's model from an {@link OnnxGraph}.
 *
 * <p>A call that adds something takes it over only when it succeeds, and one that takes an array sets every entry it
 * took to NULL. So here a thing is ours until the call that adds it has returned success, and of an array what is not
 * NULL afterwards.
 */
final class ModelEditor {
    /** The least size of an initialiser that may stay where it is: smaller ones take part in shape inference. */
    private static final long LEAST_BORROWED_BYTES = 128;

    private final OrtEnvironment environment;
    private final OnnxRuntime runtime;
    private final MemorySegment api;
    private final MemorySegment editor;

    ModelEditor(OrtEnvironment environment) {
        this.environment = environment;
        this.runtime = environment.runtime();
        this.api = runtime.api();
        this.editor = runtime.editor();
    }

    /** The model of this graph; the caller owns it. */
    OrtModel build(OnnxGraph description) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            runtime.check(
                    "CreateModel",
                    OrtModelEditorApi.CreateModel.invoke(
                            OrtModelEditorApi.CreateModel(editor),
                            NativeArrays.pointers(arena, List.of(arena.allocateFrom(""))),
                            arena.allocateFrom(ValueLayout.JAVA_INT, description.operatorSet()),
                            1,
                            out));
            OrtModel model = new OrtModel(runtime, out.get(ValueLayout.ADDRESS, 0));
            try {
                addGraph(model, description, out);
                return model;
            } catch (Throwable failure) {
                model.close();
                throw failure;
            }
        }
    }

    private void addGraph(OrtModel model, OnnxGraph description, MemorySegment out) {
        runtime.check("CreateGraph", OrtModelEditorApi.CreateGraph.invoke(OrtModelEditorApi.CreateGraph(editor), out));
        MemorySegment graph = out.get(ValueLayout.ADDRESS, 0);
        try {
            setBorder(
                    "SetGraphInputs",
                    description.inputs(),
                    (infos, count) -> OrtModelEditorApi.SetGraphInputs.invoke(
                            OrtModelEditorApi.SetGraphInputs(editor), graph, infos, count));
            setBorder(
                    "SetGraphOutputs",
                    description.outputs(),
                    (infos, count) -> OrtModelEditorApi.SetGraphOutputs.invoke(
                            OrtModelEditorApi.SetGraphOutputs(editor), graph, infos, count));
            description.initializers().forEach(initializer -> addInitializer(graph, initializer));
            description.nodes().forEach(node -> addNode(graph, node));
            runtime.check(
                    "AddGraphToModel",
                    OrtModelEditorApi.AddGraphToModel.invoke(
                            OrtModelEditorApi.AddGraphToModel(editor), model.handle(), graph));
        } catch (Throwable failure) {
            OrtApi.ReleaseGraph.invoke(OrtApi.ReleaseGraph(api), graph);
            throw failure;
        }
    }

    /** {@code SetGraphInputs} or {@code SetGraphOutputs}. */
    @FunctionalInterface
    private interface SetBorder {
        MemorySegment invoke(MemorySegment valueInfos, long count);
    }

    private void setBorder(String call, List<OnnxGraph.Tensor> tensors, SetBorder set) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment infos = arena.allocate(ValueLayout.ADDRESS, tensors.size());
            try {
                for (int index = 0; index < tensors.size(); index++) {
                    infos.setAtIndex(ValueLayout.ADDRESS, index, valueInfo(tensors.get(index), arena));
                }
                runtime.check(call, set.invoke(infos, tensors.size()));
            } finally {
                releaseRemaining(infos, info -> OrtApi.ReleaseValueInfo.invoke(OrtApi.ReleaseValueInfo(api), info));
            }
        }
    }

    private MemorySegment valueInfo(OnnxGraph.Tensor tensor, Arena arena) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        runtime.check(
                "CreateTensorTypeAndShapeInfo",
                OrtApi.CreateTensorTypeAndShapeInfo.invoke(OrtApi.CreateTensorTypeAndShapeInfo(api), out));
        MemorySegment shapeInfo = out.get(ValueLayout.ADDRESS, 0);
        MemorySegment typeInfo;
        try {
            runtime.check(
                    "SetTensorElementType",
                    OrtApi.SetTensorElementType.invoke(
                            OrtApi.SetTensorElementType(api),
                            shapeInfo,
                            tensor.type().code()));
            runtime.check(
                    "SetDimensions",
                    OrtApi.SetDimensions.invoke(
                            OrtApi.SetDimensions(api),
                            shapeInfo,
                            NativeArrays.longs(arena, tensor.shape()),
                            tensor.shape().size()));
            runtime.check(
                    "CreateTensorTypeInfo",
                    OrtModelEditorApi.CreateTensorTypeInfo.invoke(
                            OrtModelEditorApi.CreateTensorTypeInfo(editor), shapeInfo, out));
            typeInfo = out.get(ValueLayout.ADDRESS, 0);
        } finally {
            OrtApi.ReleaseTensorTypeAndShapeInfo.invoke(OrtApi.ReleaseTensorTypeAndShapeInfo(api), shapeInfo);
        }
        try {
            runtime.check(
                    "CreateValueInfo",
                    OrtModelEditorApi.CreateValueInfo.invoke(
                            OrtModelEditorApi.CreateValueInfo(editor),
                            arena.allocateFrom(tensor.value().name()),
                            typeInfo,
                            out));
            return out.get(ValueLayout.ADDRESS, 0);
        } finally {
            OrtApi.ReleaseTypeInfo.invoke(OrtApi.ReleaseTypeInfo(api), typeInfo);
        }
    }

    private void addInitializer(MemorySegment graph, OnnxGraph.Initializer initializer) {
        boolean borrowed = initializer.data().byteSize() >= LEAST_BORROWED_BYTES;
        try (Arena arena = Arena.ofConfined()) {
            long[] shape =
                    initializer.shape().stream().mapToLong(Long::longValue).toArray();
            MemorySegment tensor = borrowed
                    ? environment.borrowTensor(arena, initializer.type(), initializer.data(), shape)
                    : copiedTensor(arena, initializer.type(), initializer.data(), shape);
            try {
                runtime.check(
                        "AddInitializerToGraph",
                        OrtModelEditorApi.AddInitializerToGraph.invoke(
                                OrtModelEditorApi.AddInitializerToGraph(editor),
                                graph,
                                arena.allocateFrom(initializer.value().name()),
                                tensor,
                                borrowed));
            } catch (OrtException failure) {
                OrtApi.ReleaseValue.invoke(OrtApi.ReleaseValue(api), tensor);
                throw failure;
            }
        }
    }

    private MemorySegment copiedTensor(Arena arena, TensorType type, MemorySegment data, long... shape) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        runtime.check(
                "GetAllocatorWithDefaultOptions",
                OrtApi.GetAllocatorWithDefaultOptions.invoke(OrtApi.GetAllocatorWithDefaultOptions(api), out));
        MemorySegment allocator = out.get(ValueLayout.ADDRESS, 0);
        runtime.check(
                "CreateTensorAsOrtValue",
                OrtApi.CreateTensorAsOrtValue.invoke(
                        OrtApi.CreateTensorAsOrtValue(api),
                        allocator,
                        arena.allocateFrom(ValueLayout.JAVA_LONG, shape),
                        shape.length,
                        type.code(),
                        out));
        MemorySegment tensor = out.get(ValueLayout.ADDRESS, 0);
        try {
            runtime.check(
                    "GetTensorMutableData",
                    OrtApi.GetTensorMutableData.invoke(OrtApi.GetTensorMutableData(api), tensor, out));
            out.get(ValueLayout.ADDRESS, 0).reinterpret(data.byteSize()).copyFrom(data);
            return tensor;
        } catch (OrtException failure) {
            OrtApi.ReleaseValue.invoke(OrtApi.ReleaseValue(api), tensor);
            throw failure;
        }
    }

    private void addNode(MemorySegment graph, OnnxGraph.Node description) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment node = createNode(description, arena);
            try {
                runtime.check(
                        "AddNodeToGraph",
                        OrtModelEditorApi.AddNodeToGraph.invoke(OrtModelEditorApi.AddNodeToGraph(editor), graph, node));
            } catch (OrtException failure) {
                OrtApi.ReleaseNode.invoke(OrtApi.ReleaseNode(api), node);
                throw failure;
            }
        }
    }

    private MemorySegment createNode(OnnxGraph.Node node, Arena arena) {
        MemorySegment attributes =
                arena.allocate(ValueLayout.ADDRESS, node.attributes().size());
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        try {
            for (int index = 0; index < node.attributes().size(); index++) {
                attributes.setAtIndex(
                        ValueLayout.ADDRESS, index, attribute(node.attributes().get(index), arena));
            }
            runtime.check(
                    "CreateNode",
                    OrtModelEditorApi.CreateNode.invoke(
                            OrtModelEditorApi.CreateNode(editor),
                            arena.allocateFrom(node.operator()),
                            arena.allocateFrom(""),
                            arena.allocateFrom(node.name()),
                            NativeArrays.names(arena, node.inputs()),
                            node.inputs().size(),
                            NativeArrays.names(arena, node.outputs()),
                            node.outputs().size(),
                            attributes,
                            node.attributes().size(),
                            out));
            return out.get(ValueLayout.ADDRESS, 0);
        } finally {
            releaseRemaining(
                    attributes, attribute -> OrtApi.ReleaseOpAttr.invoke(OrtApi.ReleaseOpAttr(api), attribute));
        }
    }

    private MemorySegment attribute(OnnxAttribute attribute, Arena arena) {
        return switch (attribute) {
            case OnnxAttribute.OfInt(String name, long value) ->
                attribute(
                        arena,
                        name,
                        arena.allocateFrom(ValueLayout.JAVA_LONG, value),
                        1,
                        onnxruntime_h.ORT_OP_ATTR_INT());
            case OnnxAttribute.OfInts(String name, List<Long> values) ->
                attribute(
                        arena,
                        name,
                        NativeArrays.longs(arena, values),
                        values.size(),
                        onnxruntime_h.ORT_OP_ATTR_INTS());
            case OnnxAttribute.OfFloat(String name, float value) ->
                attribute(
                        arena,
                        name,
                        arena.allocateFrom(ValueLayout.JAVA_FLOAT, value),
                        1,
                        onnxruntime_h.ORT_OP_ATTR_FLOAT());
            case OnnxAttribute.OfText(String name, String value) -> {
                MemorySegment text = arena.allocateFrom(value);
                yield attribute(
                        arena, name, text, Math.toIntExact(text.byteSize() - 1), onnxruntime_h.ORT_OP_ATTR_STRING());
            }
        };
    }

    private MemorySegment attribute(Arena arena, String name, MemorySegment data, int length, int type) {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        runtime.check(
                "CreateOpAttr",
                OrtApi.CreateOpAttr.invoke(
                        OrtApi.CreateOpAttr(api), arena.allocateFrom(name), data, length, type, out));
        return out.get(ValueLayout.ADDRESS, 0);
    }

    private static void releaseRemaining(MemorySegment handles, Consumer<MemorySegment> release) {
        handles.elements(ValueLayout.ADDRESS)
                .map(entry -> entry.get(ValueLayout.ADDRESS, 0))
                .filter(handle -> !handle.equals(MemorySegment.NULL))
                .forEach(release);
    }
}
