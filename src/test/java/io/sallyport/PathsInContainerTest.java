package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One verdict on each spelling of a path, whatever the container makes of it: below a public path,
 * a path that a rule denies, and all the others, which take a token.
 */
final class PathsInContainerTest extends InEveryContainer {
  /** Below the public path, however odd. */
  private static final List<String> PUBLIC =
      List.of(
          "/open",
          "/open/",
          "/open/a",
          "/open/a/b.css",
          "/open/...",
          "/open/.../orders",
          "/open/..a",
          "/open/..%20/orders",
          "/open/%20",
          "/open/%c3%a9",
          "/open/%f0%9f%98%80",
          "/open/%7e",
          "/open/%2b",
          "/open/a%3fb",
          "/open/+",
          "/open/~a",
          "/open/a:b@c",
          "/open/!$&'()*,=",
          "/open/a?x=../..",
          "/%6fpen/a",
          "/o%70en/a",
          "/open/..%3b/orders",
          "/open/..%23/orders",
          "/open/?/../orders",
          "/open/%ef%bc%8e%ef%bc%8e/orders");

  /** Neither the public path nor the denied one, however alike. */
  private static final List<String> GUARDED =
      List.of(
          "/other",
          "/opener",
          "/OPEN/a",
          "/open.",
          "/open%20/a",
          "/?/open/a",
          "/orders%7e",
          "/orders%e2%80%8b",
          "/%ef%bc%8forders",
          "/o%c2%adrders",
          "/orders%3b",
          "/orders%3Ba=b",
          "/orders%20",
          "/ORDERS",
          "/Orders",
          "/orders.",
          "/orders.json",
          "/orders~");

  /** The denied path, or one that containers could take for it: not even with a token. */
  private static final List<String> REFUSED =
      List.of(
          "/open/../orders",
          "/open/..;/orders",
          "/open/..;a=b/orders",
          "/open/.;/../orders",
          "/open;/../orders",
          "/open/%2e%2e/orders",
          "/open/%2E%2E/orders",
          "/open/.%2e/orders",
          "/open/%2e./orders",
          "/open/..%2forders",
          "/open/..%2Forders",
          "/open%2f..%2forders",
          "/open/..%5corders",
          "/open\\..\\orders",
          "/open/..\\orders",
          "/open/%2e%2e%2forders",
          "/open/%252e%252e/orders",
          "/open/..%252forders",
          "/open/..%00/orders",
          "/open/../orders%00",
          "/orders;/open/",
          "/orders;/../open/x",
          "/orders/..;/open/x",
          "/orders;x=/open/",
          "/orders/../open/../orders",
          "//orders",
          "///orders",
          "/open//../orders",
          "/open/.//../orders",
          "/./orders",
          "/orders/.",
          "/orders/..",
          "/orders/./",
          "/orders//",
          "/orders;",
          "/orders;a",
          "/orders;jsessionid=1",
          ";/orders",
          "/;/orders",
          "/;a=b/orders",
          "/orders%00",
          "/orders%0a",
          "/orders%0d",
          "/orders%0d%0aX:y",
          "/orders%09",
          "/orders%",
          "/orders%2",
          "/orders%zz",
          "/orders%u002f",
          "/%6frders",
          "/%6Frders",
          "/orders%2f",
          "/orders%2F",
          "/orders%5c",
          "/orders\\",
          "\\orders",
          "/open/%c0%ae%c0%ae/orders",
          "/open/%e0%80%ae./orders",
          "/open/%uff0e%uff0e/orders",
          "/open/x/../../orders",
          "/open/x/..;/..;/orders",
          "/open/%2e%2e;/orders",
          "/open/%2e%2e%3b/orders",
          "/orders?/open/",
          "/orders?x=/open/x",
          "/orders#/open/",
          "/open/\u00e9/../orders",
          "/open/../../orders",
          "/../orders",
          "/..;/orders",
          "/open/*/../orders",
          "/open/./../orders",
          "http://x/orders",
          "http://x/open/../orders",
          "http://open/orders",
          "*",
          "/ord%65rs",
          "/orders/x",
          "/orders/%20",
          "/orders/%2e",
          "/%2forders",
          "/%5corders",
          "/%00/orders",
          "/open%2fa",
          "/open%5ca",
          "/open/%1f",
          "/open/%7f",
          "/open/[x]",
          "/open/{x}",
          "/open/|",
          "/open/^",
          "/open/%ff",
          "/open/%80",
          "/open/%c3",
          "/open/%ed%a0%80",
          "/open/%f4%90%80%80",
          "/open/%c1%9c/orders",
          "/open/..%c0%af/orders",
          "/open/%ef%bf%bd",
          "/orders%c0%af",
          "/orders%ff");

  /** A way to ask for a path: gives the body of the answer. */
  private interface Asking {
    String get(int port, String path, String... fieldLines);
  }

  @Test
  @Tag("T45")
  @Tag("T46")
  void over_HTTP_1_1_a_spelling_has_one_verdict_in_every_container() throws Exception {
    check(PathsInContainerTest::get);
  }

  @Test
  @Tag("T45")
  @Tag("T46")
  void over_HTTP_2_a_spelling_has_the_same_verdict() throws Exception {
    check(Http2::get);
  }

  private void check(Asking asking) throws Exception {
    start(settings("publicPaths", "/open/*", "rules", "* /orders/* deny"));
    assertThat(served(asking)).as("without a token").containsExactlyElementsOf(PUBLIC);
    String good = "authorization: Bearer " + token("orders:read");
    assertThat(served(asking, good))
        .as("with a token")
        .containsExactlyElementsOf(Stream.of(PUBLIC, GUARDED).flatMap(List::stream).toList());
  }

  @Test
  @Tag("T45")
  void without_rules_no_other_spelling_is_public() throws Exception {
    start(settings("publicPaths", "/open/*"));
    assertThat(served(PathsInContainerTest::get)).containsExactlyElementsOf(PUBLIC);
  }

  private static String get(int port, String path, String... fieldLines) {
    return Http.get(port, path, fieldLines).body();
  }

  private void start(Map<String, String> settings) throws Exception {
    start(
        context -> {
          Container.filter(context, settings, "/*");
          Container.servlet(context, sight, "/*");
        });
  }

  private List<String> served(Asking asking, String... fieldLines) {
    return Stream.of(PUBLIC, GUARDED, REFUSED)
        .flatMap(List::stream)
        .filter(path -> asking.get(own.port(), path, fieldLines).contains("dispatch=REQUEST\n"))
        .toList();
  }
}
