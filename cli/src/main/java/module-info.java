/** The {@code art2mus} command. */
module io.art2mus.cli {
    requires info.picocli;
    requires io.art2mus.engine;
    requires io.art2mus.ffi;
    requires static transitive org.jspecify;

    opens io.art2mus.cli to
            info.picocli;
}
