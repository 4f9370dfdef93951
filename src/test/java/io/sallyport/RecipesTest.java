package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/recipes.md}: the settings of a recipe admit the claims below them, and no others. */
final class RecipesTest {
  private static final Path PAGE = Path.of("docs", "recipes.md");
  private static final TestKey KEY = TestKey.generate("of-this-test", "ES256");

  /** A heading, a block, or what stands below a claim set. */
  private static final Pattern PART =
      Pattern.compile(
          "^### ([^\\n]+)$|^```(xml|json)\\n([^`]+)```$|^Handlers see ([^\\n]+)\\.$",
          Pattern.MULTILINE);

  private static final Pattern PARAMETER =
      Pattern.compile("<param-name>([^<]+)</param-name>\\s*<param-value>([^<]+)</param-value>");

  /** A claim set, the settings above it, and the scopes that the page promises. */
  private record Sample(
      String recipe, Map<String, String> settings, String claims, Set<String> scopes) {
    @Override
    public String toString() {
      return recipe + " " + scopes;
    }

    String setting(String name, String standard) {
      return settings.getOrDefault(name, standard);
    }

    Map<String, Object> members() {
      try {
        return JSONObjectUtils.parse(claims);
      } catch (ParseException e) {
        throw new AssertionError(recipe, e);
      }
    }

    Decision judged(String claimsJson) {
      GivenSettings given = new GivenSettings(Substitution.ofThisProcess());
      settings.forEach(given::put);
      given.putKeySource(Trial.fixed(KEY.jwk()));
      Policy policy = new Policy(given, null, null, List.of(), Trial.CLOCK, System::nanoTime);
      String type = setting("tokenType", "any").equals("any") ? "JWT" : "at+jwt";
      String header = "{\"alg\":\"ES256\",\"kid\":\"of-this-test\",\"typ\":\"" + type + "\"}";
      try (TokenVerifier gate = TokenVerifier.of(policy)) {
        return gate.verify(TestToken.signed(header, claimsJson, KEY));
      }
    }

    Reason refusal(Map<String, Object> changed) {
      Decision decision = judged(JSONObjectUtils.toJSONString(changed));
      assertThat(decision).isInstanceOf(Decision.Refused.class);
      return ((Decision.Refused) decision).refusal().reason();
    }
  }

  static Stream<Sample> samples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    String recipe = "";
    String claims = "";
    Map<String, String> settings = Map.of();
    Matcher part = PART.matcher(Files.readString(PAGE));
    while (part.find()) {
      if (part.group(4) == null) assertThat(claims).as(recipe + " says who sees what").isEmpty();
      if (part.group(1) != null) {
        recipe = part.group(1);
        settings = Map.of();
      } else if ("xml".equals(part.group(2))) {
        settings = parameters(part.group(3));
      } else if ("json".equals(part.group(2))) {
        claims = part.group(3);
      } else {
        samples.add(new Sample(recipe, settings, claims, words(part.group(4))));
        claims = "";
      }
    }
    return samples.stream();
  }

  private static Map<String, String> parameters(String fragment) {
    Map<String, String> parameters = new LinkedHashMap<>();
    Matcher parameter = PARAMETER.matcher(fragment);
    while (parameter.find()) parameters.put(parameter.group(1), parameter.group(2).strip());
    return parameters;
  }

  private static Set<String> words(String quoted) {
    return Arrays.stream(quoted.replace("`", "").split(" "))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  @Test
  void every_provider_has_a_recipe() throws IOException {
    assertThat(samples().map(Sample::recipe).distinct())
        .containsExactly(
            "Keycloak, scopes",
            "Keycloak, realm roles",
            "Keycloak, client roles",
            "Entra ID, version 2.0",
            "Entra ID, version 1.0",
            "Auth0, scopes",
            "Auth0, permissions",
            "Auth0, the profile of RFC 9068",
            "Okta, a custom authorization server",
            "Cognito, access tokens",
            "Spring Authorization Server, with an audience");
    assertThat(samples()).hasSize(16);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void the_claims_are_admitted_with_the_scopes_that_the_page_says(Sample sample) {
    Decision decision = sample.judged(sample.claims());
    assertThat(decision).isInstanceOf(Decision.Admitted.class);
    VerifiedToken token = ((Decision.Admitted) decision).token();
    assertThat(token.scopes()).isEqualTo(sample.scopes());
    assertThat(token.subject()).isEqualTo(sample.members().get("sub"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void the_same_claims_for_somebody_else_are_refused(Sample sample) {
    Map<String, Object> claims = new LinkedHashMap<>(sample.members());
    claims.put(sample.setting("audienceClaim", "aud"), "somebody-else");
    assertThat(sample.refusal(claims)).isEqualTo(Reason.AUDIENCE_NOT_ACCEPTED);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void the_same_claims_of_another_issuer_are_refused(Sample sample) {
    Map<String, Object> claims = new LinkedHashMap<>(sample.members());
    claims.put("iss", claims.get("iss") + "x");
    assertThat(sample.refusal(claims)).isEqualTo(Reason.ISSUER_NOT_ACCEPTED);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void the_same_claims_without_their_scopes_are_refused(Sample sample) {
    Map<String, Object> claims = new LinkedHashMap<>(sample.members());
    for (String place : sample.setting("scopeClaim", "scope scp").split(" ")) {
      claims.remove(place.startsWith("/") ? place.split("/")[1] : place);
    }
    assertThat(sample.refusal(claims)).isEqualTo(Reason.SCOPE_EMPTY);
  }

  @Test
  void an_id_token_of_cognito_has_no_audience_that_counts() throws IOException {
    Sample cognito =
        samples().filter(sample -> sample.recipe().startsWith("Cognito")).findFirst().orElseThrow();
    Map<String, Object> claims = new LinkedHashMap<>(cognito.members());
    claims.put("aud", claims.remove("client_id"));
    claims.put("token_use", "id");
    assertThat(cognito.refusal(claims)).isEqualTo(Reason.CLAIM_MISSING);
  }

  @Test
  void the_codes_and_the_pages_that_it_names_are_there() throws IOException {
    String page = Files.readString(PAGE);
    List<String> codes = Arrays.stream(Reason.values()).map(Reason::code).toList();
    assertThat(Pattern.compile("SP-[0-9]+").matcher(page).results().map(match -> match.group()))
        .isNotEmpty()
        .allSatisfy(code -> assertThat(codes).contains(code));
    assertThat(
            Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(page).results().map(m -> m.group(1)))
        .isNotEmpty()
        .allSatisfy(link -> assertThat(PAGE.resolveSibling(link)).exists());
  }
}
