package painter;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fewer colours for a picture: the box of colours with the longest side is cut at its median until there are enough boxes.
 *
 * @see <a href="https://doi.org/10.1145/965145.801294">Heckbert 1982, color image quantization for frame buffer display</a>
 */
final class Palette {
    private Palette() {}

    /** The picture of these pixels, {@code 0xRRGGBB} each, with this many colours. */
    static BufferedImage limited(int[] pixels, int side, int colours) {
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int rgb : pixels) {
            counts.merge(rgb, 1, Integer::sum);
        }
        List<List<Integer>> boxes = new ArrayList<>(List.of(new ArrayList<>(counts.keySet())));
        while (boxes.size() < colours) {
            List<Integer> widest =
                    boxes.stream().max(Comparator.comparingInt(Palette::extent)).orElseThrow();
            int shift = widestChannel(widest);
            widest.sort(
                    Comparator.<Integer>comparingInt(rgb -> rgb >> shift & 0xff).thenComparingInt(rgb -> rgb));
            List<Integer> upper = widest.subList(widest.size() / 2, widest.size());
            boxes.add(new ArrayList<>(upper));
            upper.clear();
        }
        int[] palette = new int[colours];
        Map<Integer, Integer> indices = new TreeMap<>();
        for (int index = 0; index < colours; index++) {
            palette[index] = mean(boxes.get(index), counts);
            for (int rgb : boxes.get(index)) {
                indices.put(rgb, index);
            }
        }
        IndexColorModel model = new IndexColorModel(8, colours, palette, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_INDEXED, model);
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            picture.getRaster().setSample(pixel % side, pixel / side, 0, indices.get(pixels[pixel]));
        }
        return picture;
    }

    private static int widestChannel(List<Integer> box) {
        int widest = 0;
        for (int shift = 8; shift <= 16; shift += 8) {
            widest = extent(box, shift) > extent(box, widest) ? shift : widest;
        }
        return widest;
    }

    private static int extent(List<Integer> box) {
        return extent(box, widestChannel(box));
    }

    private static int extent(List<Integer> box, int shift) {
        int least = 255;
        int most = 0;
        for (int rgb : box) {
            least = Math.min(least, rgb >> shift & 0xff);
            most = Math.max(most, rgb >> shift & 0xff);
        }
        return most - least;
    }

    private static int mean(List<Integer> box, Map<Integer, Integer> counts) {
        long pixels = 0;
        long[] sums = new long[3];
        for (int rgb : box) {
            int count = counts.get(rgb);
            pixels += count;
            for (int channel = 0; channel < 3; channel++) {
                sums[channel] += (long) count * (rgb >> 8 * channel & 0xff);
            }
        }
        return (int) (sums[2] / pixels) << 16 | (int) (sums[1] / pixels) << 8 | (int) (sums[0] / pixels);
    }
}
