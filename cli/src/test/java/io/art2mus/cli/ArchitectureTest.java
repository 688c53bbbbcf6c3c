package io.art2mus.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of docs/design.md: nothing knows what stands above it, and native code is reached through one module. */
class ArchitectureTest {
    private static final String ROOT = "io.art2mus.";

    /** What each package directly below {@link #ROOT} may use beside itself. A package that is missing here fails. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("ffi", Set.of()),
            Map.entry("kernels", Set.of("ffi")),
            Map.entry("graph", Set.of()),
            Map.entry("weights", Set.of("graph", "ffi")),
            Map.entry("backend", Set.of("graph", "ffi", "kernels")),
            Map.entry("nn", Set.of("graph", "weights")),
            Map.entry("model", Set.of("nn", "graph", "weights")),
            Map.entry("encoder", Set.of("graph", "weights", "audio", "ffi")),
            Map.entry("audio", Set.of("graph", "ffi")),
            Map.entry("provenance", Set.of("audio", "ffi")),
            Map.entry("diffusion", Set.of("graph", "weights", "backend", "nn", "model", "ffi")),
            Map.entry(
                    "pipeline",
                    Set.of(
                            "graph",
                            "weights",
                            "backend",
                            "nn",
                            "model",
                            "encoder",
                            "audio",
                            "diffusion",
                            "provenance",
                            "ffi")),
            Map.entry(
                    "data",
                    Set.of(
                            "graph",
                            "weights",
                            "backend",
                            "model",
                            "encoder",
                            "audio",
                            "provenance",
                            "pipeline",
                            "ffi")),
            Map.entry("checkpoint", Set.of("graph", "weights", "model")),
            Map.entry(
                    "train",
                    Set.of("graph", "weights", "backend", "nn", "model", "diffusion", "pipeline", "data", "ffi")),
            Map.entry(
                    "cli",
                    Set.of(
                            "checkpoint",
                            "pipeline",
                            "data",
                            "train",
                            "model",
                            "graph",
                            "weights",
                            "backend",
                            "encoder",
                            "audio",
                            "diffusion",
                            "provenance",
                            "ffi")));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.art2mus");

    @Test
    void everyModuleIsImported() {
        assertThat(packages()).contains("ffi", "kernels", "graph", "backend", "model", "cli");
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyWhatStandsBelowIt(String name) {
        assertThat(MAY_USE).as("arrows of the package %s%s", ROOT, name).containsKey(name);
        Set<String> below = MAY_USE.getOrDefault(name, Set.of());
        String[] forbidden = Stream.concat(packages().stream(), MAY_USE.keySet().stream())
                .distinct()
                .filter(other -> !other.equals(name) && !below.contains(other))
                .map(other -> ROOT + other + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden)
                .check(CLASSES);
    }

    @Test
    void generatedBindingsAreReachedFromTheirModuleAlone() {
        classes()
                .that()
                .resideInAPackage(ROOT + "ffi.generated..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAPackage(ROOT + "ffi..")
                .check(CLASSES);
    }

    @Test
    void restrictedCallsAreMadeInFfiAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "ffi..")
                .should()
                .accessTargetWhere(describe("the target is a restricted method", ArchitectureTest::isRestricted))
                .check(CLASSES);
    }

    /** Every native library is loaded by absolute path in one class; nothing of ours is a JNI library. */
    @Test
    void librariesAreLoadedInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.art2mus.ffi.LibrarySearch")
                .should()
                .accessTargetWhere(describe(
                        "the target loads a library",
                        access -> isOf(access, System.class, "load", "loadLibrary")
                                || isOf(access, Runtime.class, "load", "loadLibrary")))
                .check(CLASSES);
        noClasses()
                .should()
                .callMethod(System.class, "loadLibrary", String.class)
                .check(CLASSES);
    }

    @Test
    void nobodyUsesUnsafeMemory() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("(sun\\.misc|jdk\\.internal\\.misc)\\.Unsafe")
                .check(CLASSES);
    }

    /** Methods that the JDK's documentation marks as restricted and that a library's owner would call. */
    private static boolean isRestricted(JavaAccess<?> access) {
        return isOf(access, Linker.class, "downcallHandle", "upcallStub")
                || isOf(access, SymbolLookup.class, "libraryLookup")
                || isOf(access, MemorySegment.class, "reinterpret")
                || isOf(access, AddressLayout.class, "withTargetLayout")
                || isOf(access, System.class, "load", "loadLibrary")
                || isOf(access, ModuleLayer.Controller.class, "enableNativeAccess");
    }

    private static boolean isOf(JavaAccess<?> access, Class<?> owner, String... names) {
        return access.getTargetOwner().isEquivalentTo(owner)
                && List.of(names).contains(access.getTarget().getName());
    }

    private static Set<String> packages() {
        return CLASSES.stream()
                .map(JavaClass::getPackageName)
                .map(name -> name.substring(ROOT.length()).replaceAll("\\..*", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
