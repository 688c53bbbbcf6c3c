/** The {@code art2mus} command. */
module io.art2mus.cli {
    requires com.fasterxml.jackson.databind;
    requires info.picocli;
    requires io.art2mus.engine;
    requires io.art2mus.ffi;
    requires jdk.management;
    requires me.tongfei.progressbar;
    requires static org.junit.platform.launcher;
    requires static transitive org.jspecify;

    opens io.art2mus.cli to
            info.picocli;
    opens io.art2mus.cli.cache to
            info.picocli;
    opens io.art2mus.cli.checkpoint to
            info.picocli;
    opens io.art2mus.cli.generate to
            info.picocli;
    opens io.art2mus.cli.options to
            info.picocli;
    opens io.art2mus.cli.provenance to
            info.picocli;
    opens io.art2mus.cli.train to
            info.picocli;
    opens io.art2mus.cli.doctor to
            info.picocli,
            com.fasterxml.jackson.databind;
    opens io.art2mus.cli.ceiling to
            com.fasterxml.jackson.databind;
    opens io.art2mus.cli.verify to
            info.picocli,
            com.fasterxml.jackson.databind;
}
