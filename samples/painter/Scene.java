package painter;

/** What is painted. Places are 0 … 1, from left to right and from top to bottom. */
interface Scene {
    Colour colour(double x, double y);

    /** Where a stroke goes, radians. */
    double direction(double x, double y);

    /** How much finer than elsewhere this place is painted: 0 leaves it to broad strokes, 1 is finest. */
    double detail(double x, double y);
}
