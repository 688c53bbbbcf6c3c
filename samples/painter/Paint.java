package painter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * Paints forest.png, storm.png and festival.png: {@code java samples/painter/Paint.java [FOLDER]}.
 *
 * <p>A painting is a scene, which knows the colour and the direction of every place, put on canvas with brush strokes, the broad
 * ones first. The same pixels come out on every machine: the randomness is the specified one of {@link java.util.Random}, the
 * functions are those of {@link StrictMath}.
 */
final class Paint {
    /** Height and width of a picture, pixels. */
    private static final int SIDE = 480;

    /** Few enough for a small file; a painter has no more either. */
    private static final int PIGMENTS = 96;

    private Paint() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments.length > 0 ? arguments[0] : "samples"));
        Map<String, Scene> scenes = new LinkedHashMap<>();
        scenes.put("forest.png", new Forest());
        scenes.put("storm.png", new Storm());
        scenes.put("festival.png", new Festival());
        for (Map.Entry<String, Scene> painting : scenes.entrySet()) {
            Canvas canvas = new Canvas(painting.getValue(), SIDE);
            canvas.paint();
            ImageIO.write(
                    Palette.limited(canvas.pixels(), SIDE, PIGMENTS),
                    "png",
                    folder.resolve(painting.getKey()).toFile());
        }
    }
}
