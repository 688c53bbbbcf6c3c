package io.art2mus.train;

import io.art2mus.model.Device;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Trains on the CPU and prints how many KiB its process holds of what Java code allocates outside of the heap, after the first update and after
 * the last. To be run with {@code -XX:NativeMemoryTracking=summary}, for which Java counts each of them.
 */
final class NativeMemoryOfUpdates {
    /** The virtual machine's name for it. */
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=([0-9]+)KB");

    private NativeMemoryOfUpdates() {}

    /** Takes the number of updates. */
    static void main(String[] arguments) throws JMException {
        int updates = Integer.parseInt(arguments[0]);
        try (Arena arena = Arena.ofConfined();
                ProjectionTrainerContract.Training training = new ProjectionTrainerContract.Training(
                        Device.CPU_F32, arena, "train_art2mus_mse", 1, null, null, 1)) {
            MicroBatch item = training.items(0, 0, 1);
            training.update(item);
            print(training);
            for (int update = 1; update < updates; update++) {
                training.update(item);
            }
            print(training);
        }
    }

    private static void print(ProjectionTrainerContract.Training training) throws JMException {
        String report = (String) ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "vmNativeMemory",
                        new Object[] {new String[] {"summary"}},
                        new String[] {String[].class.getName()});
        Matcher other = OTHER.matcher(report);
        System.out.println((other.find() ? other.group(1) : report) + " KiB native, " + training.countedBytes()
                + " bytes counted");
    }
}
