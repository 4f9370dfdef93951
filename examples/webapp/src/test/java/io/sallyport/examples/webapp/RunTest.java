package io.sallyport.examples.webapp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

@Tag("war")
@EnabledIfSystemProperty(named = "container", matches = "jetty")
@DisplayNameGeneration(ReplaceUnderscores.class)
class RunTest {
  private static final Pattern CURL =
      Pattern.compile(
          "curl -i( -X (?<method>\\w+))?( -H \"Authorization: (?<authorization>[^\"]+)\")?"
              + " (?<address>\\S+)");

  @Test
  void the_three_lines_for_a_shell_are_answered_200_401_and_403() throws Exception {
    List<Integer> statuses = new ArrayList<>();
    try (Run run = Run.start(0)) {
      for (String line : run.curls()) statuses.add(status(line));
    }
    assertThat(statuses).containsExactly(200, 401, 403);
  }

  private static int status(String line) throws Exception {
    Matcher curl = CURL.matcher(line);
    assertThat(curl.matches()).as(line).isTrue();
    String method = curl.group("method") == null ? "GET" : curl.group("method");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(curl.group("address")))
            .method(method, BodyPublishers.noBody());
    if (curl.group("authorization") != null) {
      request.header("Authorization", curl.group("authorization"));
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.discarding()).statusCode();
  }
}
