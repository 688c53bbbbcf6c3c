package io.art2mus.checkpoint;

import io.art2mus.checkpoint.CheckpointPlan.WeightPlan;
import io.art2mus.weights.WeightWriter;
import io.art2mus.weights.WeightWriter.Bytes;
import io.art2mus.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Writes a planned checkpoint, one weight file after another and several tensors of one at once, none of them on the heap. */
public final class CheckpointWriter {
    /** For headers, directories and small files, a file system's own needs included. */
    private static final long BESIDE_TENSORS = 64 << 20;

    private final CheckpointPlan plan;
    private final Listener listener;
    private final AtomicLong written = new AtomicLong();
    private volatile boolean failed;

    private CheckpointWriter(CheckpointPlan plan, Listener listener) {
        this.plan = plan;
        this.listener = listener;
    }

    /** Is told how far the writing is. */
    public interface Listener {
        /** A weight file is begun. */
        void begin(String file);

        /** So many bytes of tensors are written; called by several threads. */
        void written(long bytes);
    }

    /**
     * Writes all files, or none.
     *
     * @param folder new or empty
     * @param threads that make elements
     * @throws WeightsException where it is neither, has not room enough, or cannot be written
     */
    public static void write(CheckpointPlan plan, Path folder, int threads, Listener listener) {
        UnfinishedFolder.requireFree(folder);
        requireRoom(folder, plan.bytes() + BESIDE_TENSORS, usable(folder));
        CheckpointWriter writer = new CheckpointWriter(plan, listener);
        try (UnfinishedFolder unfinished = UnfinishedFolder.in(folder);
                ExecutorService workers = Executors.newFixedThreadPool(threads)) {
            writer.writeTexts(unfinished.path());
            for (WeightPlan file : plan.weights()) {
                writer.writeWeights(unfinished.path().resolve(file.path()), file, workers);
            }
            unfinished.finish(CheckpointPlan.INDEX);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Free bytes where the folder is or will be. */
    private static long usable(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static void requireRoom(Path folder, long needed, long usable) {
        if (usable < needed) {
            throw new WeightsException(
                    "%.2f GB are needed and %.2f GB are free".formatted(needed / 1e9, usable / 1e9),
                    folder,
                    "make room, choose another place, or ask for less with --parts or --dtype");
        }
    }

    private void writeTexts(Path folder) throws IOException {
        for (WeightPlan file : plan.weights()) {
            Files.createDirectories(folder.resolve(file.path()).getParent());
        }
        for (Map.Entry<String, String> text : plan.texts().entrySet()) {
            Path path = folder.resolve(text.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, text.getValue());
        }
    }

    /** The largest tensors come first: what is left for the end is then small, and the threads end together. */
    private void writeWeights(Path path, WeightPlan file, ExecutorService workers) {
        listener.begin(file.path());
        try (WeightWriter writer = WeightWriter.create(path, file.declarations(plan.dtype()))) {
            List<NewTensor> tensors = new ArrayList<>(file.tensors());
            tensors.sort(Comparator.comparingLong(tensor -> -tensor.shape().elements()));
            List<Future<?>> tasks = new ArrayList<>();
            for (NewTensor tensor : tensors) {
                tasks.add(workers.submit(() -> write(tensor, file.path(), writer)));
            }
            tasks.forEach(CheckpointWriter::await);
            writer.finish();
        }
    }

    private void write(NewTensor tensor, String path, WeightWriter writer) {
        if (failed) {
            // Another thread already has the error that the user will see.
            return;
        }
        Bytes elements = Elements.of(tensor, path, plan.dtype(), plan.seed());
        try {
            writer.write(tensor.name(), (offset, part) -> {
                elements.fill(offset, part);
                listener.written(written.addAndGet(part.byteSize()));
            });
        } catch (RuntimeException failure) {
            failed = true;
            throw failure;
        }
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException ours) {
                throw ours;
            }
            throw new IllegalStateException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while writing", interrupted);
        }
    }
}
