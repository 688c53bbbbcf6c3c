package io.art2mus.weights;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Writes a state dict as PyTorch's {@code torch.save} does since version 1.6, so that {@code torch.load(…, weights_only=True)} and
 * {@link TorchFile} read it: a zip archive of a pickle, of the byte order, of one stored entry a tensor, and of a version.
 */
public final class TorchWriter implements WeightWriter {
    /** Everything lies in one folder; PyTorch names it after the file, and looks for no particular name. */
    private static final String FOLDER = "archive/";

    private final WrittenFile file;
    private final StoredZipLayout zip;
    private final Map<String, StoredZipLayout.Entry> entries;

    private TorchWriter(WrittenFile file, StoredZipLayout zip, Map<String, StoredZipLayout.Entry> entries) {
        this.file = file;
        this.zip = zip;
        this.entries = entries;
    }

    /**
     * Creates a file with all but its tensors; a {@link WeightsException} where that is not possible.
     *
     * @param tensors each smaller than 4 GiB
     */
    public static TorchWriter create(Path path, List<Declaration> tensors) {
        byte[] pickle = StateDictPickle.of(tensors);
        byte[] byteOrder = "little".getBytes(StandardCharsets.US_ASCII);
        byte[] version = "3\n".getBytes(StandardCharsets.US_ASCII);
        StoredZipLayout zip = new StoredZipLayout();
        StoredZipLayout.Entry pickleEntry = zip.append(FOLDER + "data.pkl", pickle.length);
        StoredZipLayout.Entry byteOrderEntry = zip.append(FOLDER + "byteorder", byteOrder.length);
        Map<String, StoredZipLayout.Entry> entries = new HashMap<>();
        for (int key = 0; key < tensors.size(); key++) {
            Declaration tensor = tensors.get(key);
            entries.put(tensor.name(), zip.append(FOLDER + "data/" + key, tensor.bytes()));
        }
        StoredZipLayout.Entry versionEntry = zip.append(FOLDER + "version", version.length);
        WrittenFile file = WrittenFile.create(path, tensors);
        try {
            TorchWriter writer = new TorchWriter(file, zip, entries);
            writer.write(pickleEntry, pickle);
            writer.write(byteOrderEntry, byteOrder);
            writer.write(versionEntry, version);
            return writer;
        } catch (RuntimeException failure) {
            file.close();
            throw failure;
        }
    }

    private void write(StoredZipLayout.Entry entry, byte[] content) {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        file.write(entry.offset(), ByteBuffer.wrap(content));
        writeHeader(entry, checksum);
    }

    @Override
    public void write(String name, Bytes bytes) {
        StoredZipLayout.Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException(name + " was not declared");
        }
        CRC32 checksum = new CRC32();
        file.write(name, entry.offset(), bytes, checksum::update);
        writeHeader(entry, checksum);
    }

    private void writeHeader(StoredZipLayout.Entry entry, CRC32 checksum) {
        file.write(entry.header(), zip.header(entry, (int) checksum.getValue()));
    }

    @Override
    public void finish() {
        file.requireWhole();
        file.write(zip.end(), zip.directory());
        file.close();
    }

    @Override
    public void close() {
        file.close();
    }
}
