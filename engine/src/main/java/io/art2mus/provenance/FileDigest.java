package io.art2mus.provenance;

/**
 * What a file held.
 *
 * @param sha256 in hexadecimal
 * @param bytes how many
 */
public record FileDigest(String sha256, long bytes) {
    public FileDigest {
        Require.sha256(sha256, "sha256");
        Require.atLeast(bytes, 0, "bytes");
    }
}
