package io.art2mus.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.art2mus.benchmarks.subject.Machine;
import io.art2mus.benchmarks.subject.Opened;
import io.art2mus.benchmarks.subject.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Map;

/**
 * One call for each line of input, so that another program can alternate its own calls with them. Each answer is a line of JSON; the
 * first comes before any request.
 */
final class OnRequest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private OnRequest() {}

    /** Serves until the input ends. */
    static void serve(Subject subject, Machine machine, BufferedReader requests, PrintWriter answers)
            throws IOException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        Call.Task task = new Call.Task(subject, machine);
        try (Opened opened = task.open()) {
            answer(answers, Map.of("opening", task.opening(), "first", task.first()));
            while (requests.readLine() != null) {
                long processor = system.getProcessCpuTime();
                long began = System.nanoTime();
                opened.call();
                double seconds = (System.nanoTime() - began) / 1e9 / task.runs();
                double spent = (system.getProcessCpuTime() - processor) / 1e9 / task.runs();
                answer(answers, Map.of("seconds", seconds, "processor_seconds", spent));
            }
        }
    }

    private static void answer(PrintWriter answers, Map<String, ?> answer) throws IOException {
        answers.println(JSON.writeValueAsString(answer));
        answers.flush();
    }
}
