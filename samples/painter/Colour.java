package painter;

/** Light, 0 … 1 a channel. */
record Colour(double red, double green, double blue) {
    static Colour of(int rgb) {
        return new Colour((rgb >> 16 & 0xff) / 255.0, (rgb >> 8 & 0xff) / 255.0, (rgb & 0xff) / 255.0);
    }

    Colour times(double factor) {
        return new Colour(red * factor, green * factor, blue * factor);
    }

    /** This colour at 0, the other at 1. */
    Colour towards(Colour other, double share) {
        double part = Math.clamp(share, 0, 1);
        return new Colour(
                red + (other.red - red) * part,
                green + (other.green - green) * part,
                blue + (other.blue - blue) * part);
    }
}
