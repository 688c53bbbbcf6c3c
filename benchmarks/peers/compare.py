#!/usr/bin/env python3
"""Times art2mus and PyTorch on the same weights in one run, a call of each in turn, and prints the ratios. See README.md."""

import argparse
import contextlib
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LAUNCHER = HERE.parent.parent / "art2mus"
# What one side's waiting threads still spin for must not take the other's time.
REST = 0.1
# A GPU is waited for at the end of so many seconds of calls, beside which the waiting is nothing.
LONG_CALL = 0.02


class Ours:
    """`art2mus bench NAME --on-request`: one call a line; on a GPU, several and their mean."""

    def __init__(self, name, arguments, dtype):
        self.process = subprocess.Popen(
            [LAUNCHER, "bench", name, "--on-request", *machine(arguments, dtype)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.opened = self._answer()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"error: art2mus bench ended with status {self.process.wait()}")
        return json.loads(line)

    def call(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self._answer()
        return answer["seconds"], answer["processor_seconds"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Theirs:
    """A call in this process, in the faster of two layouts where there are two."""

    def __init__(self, name, arguments, dtype, compiled):
        import torch

        import networks

        self.torch = torch
        self.runs = 1
        # What is loaded under it is slower to load, and could not be trained.
        self.mode = contextlib.nullcontext if name == "t-unet-opening" else torch.inference_mode
        torch.manual_seed(0)
        self.network, self.function = networks.CALLS[name](arguments.checkpoint, networks.DTYPES[dtype])
        self.network.to(torch.get_default_device())
        self.layout = "contiguous"
        if name in networks.PICTURES:
            contiguous = min(self.call() for _ in range(3))
            self.network.to(memory_format=torch.channels_last)
            if min(self.call() for _ in range(3)) < contiguous:
                self.layout = "channels_last"
            else:
                self.network.to(memory_format=torch.contiguous_format)
        if compiled:
            # On a GPU by CUDA graphs, as ours.
            mode = "reduce-overhead" if on_gpu(arguments) else None
            self.network.forward = torch.compile(self.network.forward, mode=mode)
            self.layout += ", compiled"
            self.call()
        # The second call of a CUDA graph is the one that is recorded.
        self.call()
        taken, _ = self.call()
        if on_gpu(arguments):
            self.runs = max(1, int(LONG_CALL / taken))

    def call(self):
        with self.mode():
            self.wait()
            processor, began = time.process_time(), time.perf_counter()
            for _ in range(self.runs):
                self.function()
            self.wait()
            return (time.perf_counter() - began) / self.runs, (time.process_time() - processor) / self.runs

    def wait(self):
        if self.torch.cuda.is_available():
            self.torch.cuda.synchronize()


class TheirMicroStep(Theirs):
    """In the fastest of its ways: weights as they are stored or under autocast, contiguous or channels-last."""

    def __init__(self, arguments, dtype):
        import torch

        import networks
        import training

        self.torch = torch
        self.runs = 1
        self.mode = torch.enable_grad
        torch.manual_seed(0)
        fastest = None
        for way, build in training.ways(arguments.checkpoint, networks.DTYPES[dtype]):
            self.function = build()
            for layout in ("contiguous", "channels_last"):
                self._arrange(layout)
                best = min(self.call() for _ in range(2))
                if fastest is None or best < fastest:
                    fastest, chosen, self.layout = best, (self.function, layout), layout + way
        self.function, layout = chosen
        self._arrange(layout)
        self.call()

    def _arrange(self, layout):
        formats = {"contiguous": self.torch.contiguous_format, "channels_last": self.torch.channels_last}
        self.function.network.to(memory_format=formats[layout])


class TheirGeneration(Theirs):
    def __init__(self, arguments, dtype):
        import torch

        import generation
        import networks

        self.torch = torch
        self.runs = 1
        self.mode = torch.inference_mode
        self.function = generation.Generation(arguments.checkpoint, networks.DTYPES[dtype])
        self.layout = "contiguous"


def machine(arguments, dtype):
    return [
        "--checkpoint",
        arguments.checkpoint,
        "--precision",
        dtype,
        "--threads",
        str(arguments.threads),
        "--device",
        arguments.device,
    ]


def on_gpu(arguments):
    return arguments.device != "cpu"


def where(arguments):
    import torch

    return torch.cuda.get_device_name(arguments.device) if on_gpu(arguments) else torch.backends.cpu.get_cpu_capability()


def await_calm(arguments):
    """Waits, with bounded patience, until little else runs; says how much did at last."""
    deadline = time.monotonic() + arguments.patience
    while os.getloadavg()[0] > arguments.calm and time.monotonic() < deadline:
        time.sleep(5)
    return os.getloadavg()[0]


def summary(ratios):
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}, {len(ratios)} pairs)"


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.1f} ms"


def row(name, dtype, ours, theirs, note, load):
    """Prints a pair's line; calls are (elapsed, processor time), the latter None where it was not taken."""
    (our_times, our_work), (their_times, their_work) = zip(*ours), zip(*theirs)
    ratios = [a / b for a, b in zip(our_times, their_times)]
    work = "" if None in our_work else f"{statistics.median(our_work) / statistics.median(their_work):.2f}"
    cells = (
        name,
        dtype,
        seconds(statistics.median(our_times)),
        seconds(statistics.median(their_times)),
        summary(ratios),
        f"{min(our_times) / min(their_times):.2f}",
        work,
        note,
        f"{load:.1f}",
    )
    print("| " + " | ".join(cells) + " |", flush=True)


def peer(name, dtype, arguments, compiled):
    if name == "generation":
        return TheirGeneration(arguments, dtype)
    if name == "micro-step":
        return TheirMicroStep(arguments, dtype)
    return Theirs(name, arguments, dtype, compiled)


def gpu_bytes(arguments):
    """What all processes hold of the GPU; 0 on the CPU."""
    if not on_gpu(arguments):
        return 0
    import torch

    free, total = torch.cuda.mem_get_info(arguments.device)
    return total - free


def pair(name, dtype, arguments, compiled=False):
    before = gpu_bytes(arguments)
    ours = Ours(name, arguments, dtype)
    # Ours has allocated all that it will before its first call.
    our_peak = gpu_bytes(arguments) - before
    theirs = peer(name, dtype, arguments, compiled)
    load = await_calm(arguments)
    ours.call()
    first, second = [], []
    for _ in range(arguments.pairs):
        time.sleep(REST)
        first.append(ours.call())
        time.sleep(REST)
        second.append(theirs.call())
    ours.close()
    note = theirs.layout
    if on_gpu(arguments):
        their_peak = theirs.torch.cuda.max_memory_allocated(arguments.device)
        theirs.torch.cuda.reset_peak_memory_stats(arguments.device)
        note += f"; {our_peak / 2**30:.2f} GiB of the GPU with CUDA's context, against {their_peak / 2**30:.2f} without"
    row(name, dtype, first, second, note, load)


def peer_process(arguments, dtype, *more):
    began = time.perf_counter()
    output = subprocess.run(
        [sys.executable, HERE / "generation.py", "--checkpoint", arguments.checkpoint]
        + ["--dtype", dtype, "--threads", str(arguments.threads), *more],
        env={**os.environ, "PYTHONPATH": str(arguments.diffusers)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    return time.perf_counter() - began, json.loads(output.splitlines()[-1])


def our_process(arguments, dtype, folder):
    import generation

    # One that was never read: what ours keeps of texts between runs would be no comparison.
    prompt = f"{generation.PROMPT}, take {random.randrange(10**6)}"
    timings, sound = os.path.join(folder, "timings.json"), os.path.join(folder, "sound.wav")
    began = time.perf_counter()
    subprocess.run(
        [LAUNCHER, "generate", "--prompt", prompt, "--steps", str(generation.STEPS), "--seed", "0"]
        + ["-q", "--overwrite", "-o", sound, "--timings", timings, *machine(arguments, dtype)],
        check=True,
    )
    taken = time.perf_counter() - began
    with open(timings, encoding="utf-8") as file:
        return taken, json.load(file)["peak_resident_bytes"]


def processes(arguments, dtype):
    """Whole processes from a text: elapsed time and peak resident memory; and the T-UNet from its file to its first call."""
    ours, theirs, our_peaks, their_peaks = [], [], [], []
    load = await_calm(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.process_pairs):
            taken, peak = our_process(arguments, dtype, folder)
            ours.append((taken, None))
            our_peaks.append(peak / 2**30)
            taken, report = peer_process(arguments, dtype)
            theirs.append((taken, None))
            their_peaks.append(report["peak_resident_bytes"] / 2**30)
    row("process, from a text", dtype, ours, theirs, "with start and loading", load)
    peaks = [a / b for a, b in zip(our_peaks, their_peaks)]
    print(
        f"| its peak resident memory | {dtype} | {statistics.median(our_peaks):.2f} GiB"
        f" | {statistics.median(their_peaks):.2f} GiB | {summary(peaks)} | | | VmHWM | {load:.1f} |",
        flush=True,
    )


def loading(arguments, dtype):
    ours, theirs, our_first, their_first, our_start, their_start = [], [], [], [], [], []
    # Fills the page cache for both, and keeps what ours repacks once.
    Ours("t-unet", arguments, dtype).close()
    peer_process(arguments, dtype, "--unet-only")
    load = await_calm(arguments)
    for _ in range(arguments.process_pairs):
        began = time.time()
        opened = Ours("t-unet", arguments, dtype)
        # It answers when it has made its first call.
        our_start.append((time.time() - began - opened.opened["first"], None))
        opened.close()
        ours.append((opened.opened["opening"], None))
        our_first.append((opened.opened["first"], None))
        began = time.time()
        _, report = peer_process(arguments, dtype, "--unet-only")
        their_start.append((report["ready_at"] - began, None))
        theirs.append((report["opening"], None))
        their_first.append((report["first"], None))
    row("T-UNet, from the process's start until it can be called", dtype, our_start, their_start, "new processes", load)
    row("T-UNet, opening", dtype, ours, theirs, "new processes, warm page cache", load)
    row("T-UNet, first call", dtype, our_first, their_first, "new processes", load)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", required=True, help="folder in the Hugging Face layout")
    parser.add_argument("--diffusers", required=True, type=pathlib.Path, help="the folder src of a checkout of diffusers")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--device", default="cpu", help="cpu, cuda or cuda:1; default: cpu")
    parser.add_argument("--dtype", help="f32, bf16, f16 (on a GPU), or several with commas between; default: bf16,f32, on a GPU f16")
    parser.add_argument("--pairs", type=int, default=9, help="of calls")
    parser.add_argument("--process-pairs", type=int, default=3, help="of whole processes")
    parser.add_argument("--compile", action="store_true", help="a further row of PyTorch compiled")
    parser.add_argument("--calm", type=float, default=1.5, help="wait until the load is no more")
    parser.add_argument("--patience", type=float, default=60, help="but no longer than so many seconds")
    parser.add_argument("name", nargs="*", help="of art2mus bench, or loading, or process; default: all")
    arguments = parser.parse_args()
    arguments.diffusers = arguments.diffusers.resolve()
    sys.path.insert(0, str(arguments.diffusers))
    # As the launcher has it for ours: what waits soon sleeps, so that processor time is work.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")

    import diffusers
    import torch
    import transformers

    import networks

    if on_gpu(arguments) and not torch.cuda.is_available():
        parser.error("PyTorch finds no GPU; install its wheel for CUDA 13")
    networks.load_silently()
    # A start builds what is older than its sources, which is nobody's measurement.
    subprocess.run([LAUNCHER, "--version"], stdout=subprocess.DEVNULL, check=True)
    torch.set_num_threads(arguments.threads)
    torch.set_default_device(arguments.device)
    known = [*networks.CALLS, "micro-step", "generation", "loading", "process"]
    if on_gpu(arguments):
        # Whole processes and the frozen encoders are compared on the CPU, where ours compute the latter.
        known = [name for name in known if not name.startswith("encoders/") and name not in ("loading", "process")]
    chosen = arguments.name or known
    for name in chosen:
        if name not in known:
            parser.error(f"no peer for '{name}'; there is one for " + ", ".join(known))
    print(
        f"PyTorch {torch.__version__}, diffusers {diffusers.__version__}, transformers {transformers.__version__};"
        f" {where(arguments)}, {arguments.threads} threads; time of art2mus / PyTorch\n"
    )
    print("| | dtype | art2mus | PyTorch | ratio: median (range) | of the fastest | of processor time | | load |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for dtype in (arguments.dtype or ("f16" if on_gpu(arguments) else "bf16,f32")).split(","):
        for name in chosen:
            if name == "loading":
                loading(arguments, dtype)
            elif name == "process":
                processes(arguments, dtype)
            elif dtype == "f32" or not name.startswith("encoders/"):
                pair(name, dtype, arguments)
                if arguments.compile and name in networks.CALLS:
                    pair(name, dtype, arguments, compiled=True)


if __name__ == "__main__":
    main()
