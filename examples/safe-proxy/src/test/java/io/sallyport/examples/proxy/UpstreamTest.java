package io.sallyport.examples.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamTest {
  private static final Upstream ORDERS = Upstream.of("https://orders.internal:8443/api");

  @ParameterizedTest
  @CsvSource({
    "https://orders.internal, https://orders.internal, ''",
    "https://orders.internal/, https://orders.internal, ''",
    "https://orders.internal:443/, https://orders.internal, ''",
    "http://orders.internal:80/, http://orders.internal, ''",
    "http://orders.internal:443/, http://orders.internal:443, ''",
    "https://orders.internal:8443/api, https://orders.internal:8443, /api",
    "https://orders.internal:8443/api/v1/, https://orders.internal:8443, /api/v1",
    "http://10.20.0.1:8080, http://10.20.0.1:8080, ''",
    "http://[fd00::1]:8080/api, http://[fd00::1]:8080, /api",
  })
  void an_address_has_an_origin_and_a_path(String address, String origin, String base) {
    assertThat(Upstream.of(address)).isEqualTo(new Upstream(origin, base));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders.internal",
        "//orders.internal",
        "/api",
        "unix:/run/docker.sock",
        "unix:///run/docker.sock",
        "http+unix://%2Frun%2Fdocker.sock/",
        "https+unix://%2Frun%2Fdocker.sock/",
        "npipe:////./pipe/docker_engine",
        "file:///etc/passwd",
        "ftp://orders.internal",
        "ws://orders.internal",
        "HTTP://orders.internal",
        "http:orders.internal",
        "http:/orders.internal",
        "http:///orders",
        "http://",
        "http://:8080",
        "http://user@orders.internal",
        "http://user:password@orders.internal",
        "http://orders.internal@169.254.169.254/",
        "http://orders.internal?x",
        "http://orders.internal/#x",
        "http://orders.internal:0",
        "http://orders.internal:65536",
        "http://orders.internal/a b",
        "http://orders.internal/api/../x",
        "http://orders.internal/api//x",
        "http://orders.internal/api//",
        "http://orders.internal/api;x",
        "http://orders.internal/%2e%2e",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "http://orders_internal/",
        "http://ordérs.internal/",
      })
  void what_is_no_upstream_stops_the_start(String address) {
    assertThatThrownBy(() -> Upstream.of(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("upstream=" + address + ": ")
        .hasMessageEndingWith("; allowed: https://orders.internal:8443/api");
  }

  @ParameterizedTest
  @CsvSource({
    "https://orders.internal, true",
    "http://127.0.0.1:8080, true",
    "http://[::1]:8080, true",
    "http://orders.internal, false",
    "http://localhost, false",
    "http://127.0.0.1.example.com, false",
    "http://https.example.com, false",
  })
  void a_credential_needs_tls_or_this_host(String address, boolean confidential) {
    assertThat(Upstream.of(address).isConfidential()).isEqualTo(confidential);
  }

  @ParameterizedTest
  @CsvSource({
    "/, /",
    "/orders, /orders",
    "/orders/, /orders/",
    "/orders/7/items, /orders/7/items",
    "/a.b/..c/d../...., /a.b/..c/d../....",
    "/%7Eann/a%20b/%C3%A9/%e2%82%ac, /%7Eann/a%20b/%C3%A9/%e2%82%ac",
    "/@ann/a@b:c, /@ann/a@b:c",
    "/%3Fx%23y%3Bz, /%3Fx%23y%3Bz",
  })
  void a_plain_path_goes_on_as_it_came(String path, String joined) {
    assertThat(ORDERS.target(path, null)).isEqualTo("https://orders.internal:8443/api" + joined);
    assertThat(Upstream.of("http://10.0.0.1").target(path, null))
        .isEqualTo("http://10.0.0.1" + joined);
  }

  @Test
  void every_mark_that_a_segment_may_have_goes_on_as_it_came() {
    assertThat(ORDERS.target("/a-b_c~d!e$f&g'h(i)j*k+l,m=n", null))
        .isEqualTo("https://orders.internal:8443/api/a-b_c~d!e$f&g'h(i)j*k+l,m=n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "orders",
        "@169.254.169.254/",
        ":x@169.254.169.254/",
        ".169.254.169.254/",
        "http://169.254.169.254/",
        "//169.254.169.254/",
        "/orders//7",
        "//",
        "/.",
        "/..",
        "/./orders",
        "/../internal",
        "/orders/..",
        "/orders/../../internal",
        "/%2e/x",
        "/%2e%2e/internal",
        "/%2E%2E/internal",
        "/.%2e/internal",
        "/%2e./internal",
        "/a%2fb",
        "/a%2Fb",
        "/..%2finternal",
        "/a%5cb",
        "/..%5Cinternal",
        "/..\\internal",
        "/\\169.254.169.254/",
        "/%252e%252e/internal",
        "/%25252e/internal",
        "/a%252fb",
        "/..;/internal",
        "/orders;/../internal",
        "/orders;v=1",
        "/.%00./internal",
        "/a%00",
        "/a%0d%0aHost:%20x",
        "/a%09",
        "/a%7f",
        "/%c0%ae%c0%ae/internal",
        "/%c0%afinternal",
        "/%ff",
        "/%e2%82",
        "/%u002e%u002e/internal",
        "/%zz",
        "/%",
        "/a%2",
        "/a b",
        "/a\tb",
        "/a\r\nHost: x",
        "/a\u0000",
        "/é",
        "/．．/internal",
        "/a#b",
        "/a?b",
        "/{a}",
        "/[a]",
        "/a|b",
        "/a^b",
        "/a`b",
        "/a\"b",
        "/<a>",
      })
  void a_path_that_can_be_read_in_two_ways_goes_nowhere(String path) {
    assertThat(ORDERS.target(path, null)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=b&c=d+e%20f",
        "next=http://169.254.169.254/",
        "@169.254.169.254/../..",
        "a?b/c;d:e@f",
        "filter[open]=1",
        "x=%2e%2e%2f%00%0d%0a%25",
        "",
      })
  void a_query_goes_on_as_it_came(String query) {
    String target = ORDERS.target("/orders", query);
    assertThat(target).isEqualTo("https://orders.internal:8443/api/orders?" + query);
    assertThat(URI.create(target).getRawQuery()).isEqualTo(query);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "a\tb", "a\r\nHost: x", "a#b", "a=%", "a=%zz", "é", "a\\b", "a|b", "a\"b"})
  void a_query_that_is_none_goes_nowhere(String query) {
    assertThat(ORDERS.target("/orders", query)).isNull();
  }

  /** Whatever is let through is below the base, at the origin, and has nothing to normalise. */
  @Test
  void no_path_leads_away() {
    String pieces = "/.;\\@:?#%25eEfF0cC\u00e9 aA~[-";
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int passed = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder path = new StringBuilder(random.nextInt(4) == 0 ? "" : "/");
      for (int n = random.nextInt(9); n > 0; n--) {
        path.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      String target = ORDERS.target(path.toString(), null);
      if (target == null) continue;
      passed++;
      URI uri = URI.create(target);
      assertThat(uri.getRawAuthority()).as("seed %s", seed).isEqualTo("orders.internal:8443");
      assertThat(uri.getRawPath()).as("seed %s", seed).isEqualTo("/api" + path);
      assertThat(uri.normalize()).as("seed %s", seed).isEqualTo(uri);
      assertThat(uri.getPath()).as("seed %s", seed).doesNotContain("//", "/../", "\\", "%");
    }
    assertThat(passed).as("seed %s", seed).isGreaterThan(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/orders/8, /orders/8",
    "/api/, /",
    "https://orders.internal:8443/api/orders/8?x=1#y, /orders/8?x=1#y",
    "HTTPS://ORDERS.internal:8443/api/orders/8, /orders/8",
    "//orders.internal:8443/api/orders/8, /orders/8",
    "8, /orders/8",
    "./8, /orders/8",
    "../customers/9, /customers/9",
    "?page=2, /orders/7?page=2",
    "#top, /orders/7#top",
    "'', /orders/7",
  })
  void a_location_at_the_upstream_becomes_one_here(String location, String here) {
    URI target = URI.create("https://orders.internal:8443/api/orders/7");
    assertThat(ORDERS.translated(location, target)).isEqualTo(here);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://169.254.169.254/",
        "http://orders.internal:8443/api/orders/8",
        "https://orders.internal/api/orders/8",
        "https://orders.internal:8444/api/orders/8",
        "https://user@orders.internal:8443/api/orders/8",
        "https://orders.internal:8443@169.254.169.254/api/",
        "https://orders.internal:8443.example.com/api/",
        "//169.254.169.254/api/",
        "///169.254.169.254/api/",
        "/\\169.254.169.254/api/",
        "\\\\169.254.169.254/api/",
        "/internal",
        "/api",
        "/apis/orders",
        "/",
        "../../internal",
        "/api/../internal",
        "/api/%2e%2e/internal",
        "/api//169.254.169.254/",
        "https://orders.internal:8443/api//169.254.169.254/",
        "unix:/run/docker.sock",
        "http://unix:/run/docker.sock",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "mailto:ann@example.com",
        "https:orders/8",
        "https:///api/",
        "/api/a b",
        "/api/%zz",
      })
  void a_location_anywhere_else_is_none(String location) {
    URI target = URI.create("https://orders.internal:8443/api/orders/7");
    assertThat(ORDERS.translated(location, target)).isNull();
  }
}
