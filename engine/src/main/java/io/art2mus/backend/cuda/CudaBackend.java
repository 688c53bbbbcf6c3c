package io.art2mus.backend.cuda;

import io.art2mus.backend.Backend;
import io.art2mus.backend.DeviceBuffer;
import io.art2mus.backend.Feedback;
import io.art2mus.backend.FeedbackLoop;
import io.art2mus.backend.Optimizer;
import io.art2mus.backend.Plan;
import io.art2mus.backend.Precision;
import io.art2mus.backend.Trainable;
import io.art2mus.ffi.HandleScope;
import io.art2mus.ffi.UserCache;
import io.art2mus.ffi.cublaslt.CublasLt;
import io.art2mus.ffi.cublaslt.CublasLtHandle;
import io.art2mus.ffi.cuda.Cuda;
import io.art2mus.ffi.cuda.CudaContext;
import io.art2mus.ffi.cuda.CudaDevice;
import io.art2mus.ffi.cuda.CudaStream;
import io.art2mus.ffi.cudnn.Cudnn;
import io.art2mus.ffi.cudnn.CudnnHandle;
import io.art2mus.graph.Graph;
import io.art2mus.kernels.Elements;
import io.art2mus.kernels.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** An NVIDIA GPU: float16 or bfloat16 with float32 sums, or float32 without TF32. */
public final class CudaBackend implements Backend {
    /** The first compute capability whose tensor cores know bfloat16 and asynchronous copies. */
    private static final int OLDEST_MAJOR = 8;

    private final HandleScope scope;
    private final CudaContext context;
    private final Target target;
    private final Precision precision;

    private CudaBackend(Cuda cuda, CudaDevice device, Precision precision, @Nullable UserCache cache) {
        this.precision = precision;
        CublasLt cublasLt = CublasLt.load();
        Cudnn cudnn = Cudnn.load();
        try (HandleScope opening = new HandleScope()) {
            context = opening.own(CudaContext.open(cuda, device));
            CudaStream stream = opening.own(CudaStream.open(cuda));
            Kernels kernels = opening.own(Kernels.open(cuda, device, cache));
            CublasLtHandle products = opening.own(CublasLtHandle.open(cublasLt));
            CudnnHandle convolutions = opening.own(CudnnHandle.open(cudnn));
            convolutions.use(stream);
            String machine = String.join(
                    "\n",
                    device.name(),
                    "driver " + driver(cuda),
                    "cuBLASLt " + cublasLt.version(),
                    "cuDNN " + cudnn.version());
            Choices choices = cache == null ? Choices.USUAL : new MeasuredChoices(cuda, stream, cache, machine);
            target = new Target(cuda, device, stream, kernels, products, convolutions, choices, stored(precision));
            scope = opening.release();
        }
    }

    private static Elements stored(Precision precision) {
        return switch (precision) {
            case F32 -> Elements.F32;
            case BF16 -> Elements.BF16;
            case F16 -> Elements.F16;
        };
    }

    /** Whether driver, cuBLASLt and cuDNN can be used here, and the first GPU is new enough. */
    public static boolean isUsable() {
        return Cuda.status().available()
                && CublasLt.status().available()
                && Cudnn.status().available()
                && Cuda.load().devices().stream().limit(1).anyMatch(CudaBackend::isNewEnough);
    }

    /**
     * A GPU for plans of the calling thread.
     *
     * @param ordinal its number in the driver's order, from 0
     * @param cache keeps compiled kernels and which algorithms were the fastest here; null keeps nothing
     * @throws io.art2mus.ffi.LibraryUnavailableException where the driver, cuBLASLt or cuDNN cannot be used
     * @throws UnsupportedDeviceException where there is no such GPU, or it is too old
     */
    public static CudaBackend open(int ordinal, Precision precision, @Nullable UserCache cache) {
        Cuda cuda = Cuda.load();
        return new CudaBackend(cuda, device(cuda, ordinal), precision, cache);
    }

    /**
     * A GPU's name, architecture and driver.
     *
     * @throws io.art2mus.ffi.LibraryUnavailableException as {@link #open} does
     * @throws UnsupportedDeviceException as {@link #open} does
     */
    public static String describe(int ordinal) {
        Cuda cuda = Cuda.load();
        CublasLt.load();
        Cudnn.load();
        CudaDevice device = device(cuda, ordinal);
        return device.name() + ", " + device.architecture() + ", driver " + driver(cuda);
    }

    private static String driver(Cuda cuda) {
        return cuda.driverVersion().orElseGet(() -> "for CUDA " + cuda.version());
    }

    private static CudaDevice device(Cuda cuda, int ordinal) {
        List<CudaDevice> devices = cuda.devices();
        if (ordinal >= devices.size()) {
            throw new UnsupportedDeviceException("there is no cuda:" + ordinal + ", the driver shows " + devices.size()
                    + " GPUs, from cuda:0 on; art2mus doctor lists them");
        }
        CudaDevice device = devices.get(ordinal);
        if (!isNewEnough(device)) {
            throw new UnsupportedDeviceException(device.name() + " has compute capability " + device.computeCapability()
                    + ", " + OLDEST_MAJOR + ".0 or newer is needed; use --device cpu");
        }
        return device;
    }

    private static boolean isNewEnough(CudaDevice device) {
        String capability = device.computeCapability();
        return Integer.parseInt(capability.substring(0, capability.indexOf('.'))) >= OLDEST_MAJOR;
    }

    @Override
    public String name() {
        return "cuda " + precision;
    }

    @Override
    public OptionalInt gpu() {
        return OptionalInt.of(target.device().ordinal());
    }

    /** Bytes of the GPU's memory that nobody uses. */
    public long freeBytes() {
        return context.freeBytes();
    }

    /** Waits until the GPU has done all that plans were asked for. */
    public void synchronize() {
        target.stream().synchronize();
    }

    @Override
    public CudaPlan compile(Graph graph, Map<String, DeviceBuffer> bound) {
        return CudaPlan.compile(graph, bound, target);
    }

    @Override
    public CudaPlan compile(Graph graph) {
        return compile(graph, Map.of());
    }

    @Override
    public Optional<FeedbackLoop> loop(Plan plan, Feedback feedback) {
        return Optional.of(CudaFeedbackLoop.open(target, own(plan), feedback));
    }

    @Override
    public Optional<Optimizer> optimizer(Plan plan, Trainable trainable) {
        return Optional.of(CudaOptimizer.open(target, own(plan), trainable));
    }

    private static CudaPlan own(Plan plan) {
        if (!(plan instanceof CudaPlan own)) {
            throw new IllegalArgumentException("the plan is another backend's");
        }
        return own;
    }

    @Override
    public boolean needsLossScale() {
        return precision == Precision.F16;
    }

    @Override
    public void close() {
        scope.close();
    }
}
