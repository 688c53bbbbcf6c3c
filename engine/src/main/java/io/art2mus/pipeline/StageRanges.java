package io.art2mus.pipeline;

import io.art2mus.ffi.nvtx.Nvtx;

/** Shows a profiler each stage as a range. */
final class StageRanges implements Progress {
    private final Nvtx ranges;
    private boolean open;

    StageRanges(Nvtx ranges) {
        this.ranges = ranges;
    }

    @Override
    public void begin(Stage stage) {
        end();
        ranges.push(stage.toString());
        open = true;
    }

    @Override
    public void end() {
        if (open) {
            ranges.pop();
            open = false;
        }
    }
}
