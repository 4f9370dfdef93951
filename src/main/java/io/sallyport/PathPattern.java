package io.sallyport;

/**
 * A path, or all paths below one: {@code /health}, {@code /assets/*}. As in the servlet
 * specification, {@code /assets/*} matches {@code /assets} too, and never {@code /assets2}.
 *
 * @param base the path, without the {@code /*}
 * @param below whether all paths below it match too
 */
record PathPattern(String base, boolean below) {
  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static PathPattern of(String text) {
    if (!text.startsWith("/")) throw new IllegalArgumentException("a path begins with a slash");
    boolean below = text.endsWith("/*");
    String base = below ? text.substring(0, text.length() - 2) : text;
    if (base.contains("*")) {
      throw new IllegalArgumentException("a * stands only at the end, as in /assets/*");
    }
    if (base.contains("%") || base.contains("?") || base.contains("#")) {
      throw new IllegalArgumentException("a path is written decoded and without a query");
    }
    if (!isNormalised(below ? base + "/" : base)) {
      throw new IllegalArgumentException("a path is written normalised, or it matches nothing");
    }
    return new PathPattern(base, below);
  }

  private static boolean isNormalised(String path) {
    String closed = path + "/";
    return !path.contains("//")
        && !closed.contains("/./")
        && !closed.contains("/../")
        && !path.contains(";")
        && !path.contains("\\")
        && path.chars().noneMatch(Character::isISOControl);
  }

  boolean matches(String path) {
    if (!below) return path.equals(base);
    return path.startsWith(base)
        && (path.length() == base.length() || path.charAt(base.length()) == '/');
  }

  /** Whether every path matches. */
  boolean isEverything() {
    return below && base.isEmpty();
  }
}
