package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One spelling for each address (RFC 3986 section 6.2). */
final class TargetUriTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example, https://a.example, /",
    "https://a.example/, https://a.example, /",
    "https://a.example?x=/y, https://a.example, /",
    "https://a.example#x, https://a.example, /",
    "HTTPS://A.Example:443/x, https://a.example, /x",
    "https://a.example:/x, https://a.example, /x",
    "https://a.example:80/x, https://a.example:80, /x",
    "http://a.example:80/x, http://a.example, /x",
    "https://a.example:0443/x, https://a.example, /x",
    "https://[2001:DB8::1]:8443/x, https://[2001:db8::1]:8443, /x",
    "https://[2001:DB8::1]/x, https://[2001:db8::1], /x",
    "https://%61.example/x, https://a.example, /x",
    "https://a.example/%7Eann/%41%2fb%C3%a9, https://a.example, /~ann/A%2Fb%C3%A9",
    "https://a.example/%61%7a%41%5a%30%39%2d%2e%5f%7e, https://a.example, /azAZ09-._~",
    "https://a.example/%60%7b%40%5b%2f%3a, https://a.example, /%60%7B%40%5B%2F%3A",
    "https://a.example:65535/~, https://a.example:65535, /~",
    "https://a.example:1/x, https://a.example:1, /x",
    "https://a.example:9/x, https://a.example:9, /x",
    "https://a.example:8/3:/, https://a.example:8, /3:/",
    "https://[::1]/a:b, https://[::1], /a:b",
    "https://a.example/a/./b/../c, https://a.example, /a/c",
    "https://a.example/a/.., https://a.example, /",
    "https://a.example/a/b/.., https://a.example, /a/",
    "https://a.example/a/., https://a.example, /a/",
    "https://a.example/../../a, https://a.example, /a",
    "https://a.example/%2e%2E/a, https://a.example, /a",
    "https://a.example/a//b/, https://a.example, /a//b/",
    "https://a.example/a//../b, https://a.example, /a/b",
    "https://a.example/.a/..b/...;x=1, https://a.example, /.a/..b/...;x=1"
  })
  void an_address_has_one_spelling(String uri, String origin, String path) {
    TargetUri target = TargetUri.of(uri);
    assertThat(target).isNotNull();
    assertThat(target.origin()).isEqualTo(origin);
    assertThat(target.path()).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/x",
        "a.example/x",
        "//a.example/x",
        "ftp://a.example/x",
        "urn:x://a",
        "https://",
        "https:///x",
        "https://:443/x",
        "https://ann@a.example/x",
        "https://a.example:x/",
        "https://a.example:0/",
        "https://a.example:8:8/",
        "https://a.example:123456/",
        "https://a.example/%",
        "https://a.example/%4",
        "https://a.example/%zz",
        "https://a.example/a b",
        "https://a.example/a\u007fb",
        "https://a.example/é",
        "https://é.example/",
        "https?://a.example/x"
      })
  void what_is_no_http_address_is_none(String text) {
    assertThat(TargetUri.of(text)).isNull();
  }

  @Test
  void a_percent_encoded_slash_is_no_slash() {
    assertThat(TargetUri.of("https://a.example/a%2Fb"))
        .isNotEqualTo(TargetUri.of("https://a.example/a/b"));
  }
}
