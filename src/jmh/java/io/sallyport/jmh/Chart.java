package io.sallyport.jmh;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The results as bars, in an SVG that fits light and dark pages. */
final class Chart {
  private static final int WIDTH = 840;
  private static final int LABEL = 150;
  private static final int VALUE = 60;
  private static final int BAR = 12;
  private static final int STEP = 18;
  private static final int PAIR = 38;
  private static final int HEAD = 34;
  private static final int FOOT = 24;

  /** The ends of the logarithmic scale, as powers of ten. */
  private static final int LEAST = -2;

  private static final int MOST = 4;

  private final Results results;
  private final StringBuilder svg = new StringBuilder();

  private Chart(Results results) {
    this.results = results;
  }

  static String of(Results results) {
    Chart chart = new Chart(results);
    int panel = HEAD + Contender.values().length * STEP;
    int refused = 2 * panel;
    chart.open(refused + HEAD + results.attempts().size() * PAIR + FOOT);
    for (Algorithm algorithm : Algorithm.values()) {
      int place = algorithm.ordinal();
      chart.accepted(algorithm, place % 2 * WIDTH / 2, place / 2 * panel);
    }
    chart.refused(results.attempts(), refused);
    return chart.svg.append("</svg>\n").toString();
  }

  private void open(int height) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img"
            aria-label="Time for a request: Sallyport beside its peers">
          <style>
            text { font: 12px system-ui, sans-serif; fill: #1f2328; }
            .title { font-weight: 600; }
            .before { text-anchor: end; }
            .below { text-anchor: middle; }
            .grid { stroke: #d1d9e0; }
            .raw { fill: #818b98; }
            .peer { fill: #b6c2cf; }
            .sallyport { fill: #0969da; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .grid { stroke: #3d444d; }
              .raw { fill: #9198a1; }
              .peer { fill: #59636e; }
              .sallyport { fill: #4493f8; }
            }
          </style>
        """
            .formatted(WIDTH, height));
  }

  /** Good tokens, each algorithm on a linear scale of its own. */
  private void accepted(Algorithm algorithm, int x, int y) {
    int left = x + LABEL;
    text("title", left, y + 20, algorithm.alg + ": µs for a good token");
    List<Contender> measured =
        Stream.of(Contender.values())
            .filter(contender -> !Double.isNaN(results.micros(algorithm, contender)))
            .toList();
    double most =
        measured.stream().mapToDouble(who -> results.micros(algorithm, who)).max().orElse(1);
    int top = y + HEAD;
    for (Contender contender : measured) {
      double micros = results.micros(algorithm, contender);
      text("before", left - 8, top + 10, contender.label);
      bar(style(contender), left, top, (WIDTH / 2 - LABEL - VALUE) * micros / most, micros);
      top += STEP;
    }
  }

  private static String style(Contender contender) {
    return switch (contender) {
      case RAW -> "raw";
      case SALLYPORT, SALLYPORT_CACHED -> "sallyport";
      default -> "peer";
    };
  }

  /** Bad tokens: Sallyport as it comes, and whichever peer is fastest, on a logarithmic scale. */
  private void refused(List<Attempt> attempts, int y) {
    text("title", LABEL, y + 20, "µs for a bad token: Sallyport, and the fastest peer (log scale)");
    int bottom = y + HEAD + attempts.size() * PAIR;
    for (int power = LEAST; power <= MOST; power++) {
      double value = Math.pow(10, power);
      double x = LABEL + scaled(value);
      element(
          "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
          x, y + HEAD - 4, x, bottom);
      text("below", x, bottom + 14, power < 0 ? "" + value : "%.0f".formatted(value));
    }
    int top = y + HEAD;
    for (Attempt attempt : attempts) {
      text("before", LABEL - 8, top + 17, attempt.label);
      double own = results.micros(attempt, Contender.SALLYPORT_CACHED);
      double peer = results.fastestPeer(attempt);
      bar("sallyport", LABEL, top, scaled(own), own);
      bar("peer", LABEL, top + BAR + 2, scaled(peer), peer);
      top += PAIR;
    }
  }

  private static double scaled(double micros) {
    double share = (Math.log10(micros) - LEAST) / (MOST - LEAST);
    return (WIDTH - LABEL - VALUE) * Math.min(1, share);
  }

  /** Draws nothing where nothing was measured. */
  private void bar(String style, int x, int y, double width, double micros) {
    if (Double.isNaN(micros)) return;
    double visible = Math.max(1, width);
    element(
        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>",
        style, x, y, visible, BAR);
    text("value", x + visible + 5, y + 10, Report.number(micros));
  }

  private void text(String style, double x, int y, String text) {
    element("<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>", style, x, y, text);
  }

  private void element(String format, Object... values) {
    svg.append("  ").append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
