package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.sallyport.testkit.TestKey;
import io.sallyport.testkit.TestToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokens as the usual providers issue them, made at test time in their shape: the access tokens
 * that are for us are admitted under a sensible configuration, and everything else that such a
 * provider signs or hands out is refused.
 */
final class ProviderSamplesTest {
  private static final TestKey RSA = TestKey.generate("other", "RS256");
  private static final TestKey EC = TestKey.generate("es-1", "ES256");
  private static final TestKey ED = TestKey.generate("ed-1", "EdDSA");

  /** The providers' RSA key, with a certificate for the {@code x5c} that many publish. */
  private static TestKey certified;

  private static byte[] certificate;

  @TempDir static Path folder;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("keys.p12");
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(
        List.of(
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "RSA",
            "-keysize",
            "2048",
            "-dname",
            "CN=acme",
            "-storetype",
            "PKCS12"));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", "for-this-test"));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    char[] password = "for-this-test".toCharArray();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, password);
    }
    Certificate own = keys.getCertificate("a");
    certificate = own.getEncoded();
    certified =
        TestKey.of(
            "rs-1",
            "RS256",
            new KeyPair(own.getPublicKey(), (PrivateKey) keys.getKey("a", password)));
  }

  /**
   * A row.
   *
   * @param trial the token, the gate and the verdict
   * @param subject what the handler sees, where it is admitted; so are the others
   */
  private record Sample(Trial trial, String subject, Set<String> scopes, String clientId) {
    @Override
    public String toString() {
      return trial.name();
    }
  }

  /** A gate and its name; tokens are shown to it. */
  private record Shown(String provider, TokenVerifier gate) {
    Sample admitted(String name, String token, String subject, String scopes, String clientId) {
      return new Sample(
          new Trial(provider + ": " + name, gate, token, null),
          subject,
          Set.of(scopes.split(" ")),
          clientId);
    }

    Sample refused(Reason reason, String name, String token) {
      return new Sample(new Trial(provider + ": " + name, gate, token, reason), null, null, null);
    }
  }

  @Tag("T14")
  @Tag("T16")
  @Tag("T21")
  @Tag("T26")
  @Tag("T28")
  @Tag("T34")
  @Tag("T84")
  @ParameterizedTest
  @MethodSource({
    "keycloak",
    "keycloakRoles",
    "entraV2",
    "entraV1",
    "okta",
    "auth0",
    "spring",
    "oidcProvider"
  })
  void access_tokens_for_us_are_admitted_and_everything_else_is_not(Sample row) {
    row.trial().check();
    if (row.trial().reason() != null) return;
    VerifiedToken token =
        ((Decision.Admitted) row.trial().gate().verify(row.trial().token())).token();
    assertThat(token.subject()).isEqualTo(row.subject());
    assertThat(token.scopes()).isEqualTo(row.scopes());
    assertThat(token.clientId().orElse(null)).isEqualTo(row.clientId());
  }

  // ---- Keycloak 26

  private static final String KEYCLOAK = "https://kc.example.com/realms/acme";

  private static final String KEYCLOAK_CLAIMS =
      """
      {"exp":$exp,"iat":$iat,"auth_time":$iat,"jti":"onrtac:7a1f0c52-4a0e-4f7c-9e1b-2f6f1b1d2c3a",
       "iss":"https://kc.example.com/realms/acme","aud":["orders-api","account"],
       "sub":"f1b1c3a2-8f2e-4a57-a1f0-0d1d2c3b4a5f","typ":"Bearer","azp":"web-app",
       "sid":"1c2d3e4f-1111-2222-3333-444455556666","acr":"1","allowed-origins":["https://app.example.com"],
       "realm_access":{"roles":["default-roles-acme","offline_access","uma_authorization","orders-reader"]},
       "resource_access":{"orders-api":{"roles":["orders-writer"]},
         "account":{"roles":["manage-account","manage-account-links","view-profile"]}},
       "scope":"openid profile email orders:read","email_verified":true,"name":"Ann Archer",
       "preferred_username":"ann","given_name":"Ann","family_name":"Archer","email":"ann@example.com"}
      """;

  private static final String ANN_AT_KEYCLOAK = "f1b1c3a2-8f2e-4a57-a1f0-0d1d2c3b4a5f";

  private static TokenVerifier.Builder keycloakSettings() throws IOException {
    Map<String, Object> signing =
        withCertificate(published(certified.as("kc-1", "RS256"), "sig", "RS256"));
    Map<String, Object> encrypting =
        withCertificate(published(certified.as("kc-2", "RS256"), "enc", "RSA-OAEP"));
    Map<String, Object> ps = published(RSA.as("kc-3", "PS256"), "sig", "PS256");
    Map<String, Object> ec = published(EC.as("kc-4", "ES256"), "sig", "ES256");
    Map<String, Object> ed = published(ED.as("kc-5", "EdDSA"), "sig", "EdDSA");
    return settings(KEYCLOAK, "keycloak", encrypting, signing, ps, ec, ed).audience("orders-api");
  }

  static Stream<Sample> keycloak() throws IOException {
    Shown at =
        new Shown(
            "Keycloak", keycloakSettings().allowedScopes("orders:read", "orders:write").build());
    TestKey key = certified.as("kc-1", "RS256");
    TestKey otherRealm = RSA.as("kc-9", "RS256");
    String head = header("RS256", "kc-1", "JWT");
    String own = KEYCLOAK_CLAIMS;
    String service =
        own.replace(
            "\"azp\":\"web-app\"",
            "\"azp\":\"batch\",\"client_id\":\"batch\",\"clientHost\":\"10.0.0.7\",\"clientAddress\":\"10.0.0.7\"");
    String id =
        own.replace("\"typ\":\"Bearer\"", "\"typ\":\"ID\",\"nonce\":\"n-1\",\"at_hash\":\"x\"")
            .replace("[\"orders-api\",\"account\"]", "\"web-app\"");
    String refresh =
        own.replace("\"typ\":\"Bearer\"", "\"typ\":\"Refresh\"")
            .replace("[\"orders-api\",\"account\"]", "\"" + KEYCLOAK + "\"");
    String logout = logoutClaims(KEYCLOAK, "web-app").replaceFirst("\\{", "{\"typ\":\"Logout\",");
    return Stream.of(
        at.admitted(
            "access token", token(head, own, key), ANN_AT_KEYCLOAK, "orders:read", "web-app"),
        at.admitted(
            "one audience as text",
            token(head, own.replace("[\"orders-api\",\"account\"]", "\"orders-api\""), key),
            ANN_AT_KEYCLOAK,
            "orders:read",
            "web-app"),
        at.admitted(
            "service account", token(head, service, key), ANN_AT_KEYCLOAK, "orders:read", "batch"),
        at.admitted(
            "both scopes",
            token(head, own.replace("email orders:read", "orders:write orders:read"), key),
            ANN_AT_KEYCLOAK,
            "orders:read orders:write",
            "web-app"),
        at.admitted(
            "header type at+jwt, by client policy",
            token(header("RS256", "kc-1", "at+jwt"), own, key),
            ANN_AT_KEYCLOAK,
            "orders:read",
            "web-app"),
        at.admitted(
            "PS256",
            token(header("PS256", "kc-3", "JWT"), own, RSA.as("kc-3", "PS256")),
            ANN_AT_KEYCLOAK,
            "orders:read",
            "web-app"),
        at.admitted(
            "ES256",
            token(header("ES256", "kc-4", "JWT"), own, EC),
            ANN_AT_KEYCLOAK,
            "orders:read",
            "web-app"),
        at.admitted(
            "EdDSA",
            token(header("EdDSA", "kc-5", "JWT"), own, ED),
            ANN_AT_KEYCLOAK,
            "orders:read",
            "web-app"),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for account alone",
            token(head, own.replace("[\"orders-api\",\"account\"]", "\"account\""), key)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for another API",
            token(head, own.replace("orders-api\",\"account", "payroll-api\",\"account"), key)),
        at.refused(
            Reason.CLAIM_MISSING,
            "lightweight access token",
            token(head, without(own, "aud", "sub", "realm_access", "resource_access"), key)),
        at.refused(
            Reason.SCOPE_MISSING,
            "access token without our scope",
            token(head, own.replace(" orders:read", ""), key)),
        at.refused(Reason.AUDIENCE_NOT_ACCEPTED, "ID token", token(head, id, key)),
        at.refused(
            Reason.SCOPE_EMPTY,
            "ID token of a client that is named as the API is",
            token(
                head,
                without(id.replace("\"aud\":\"web-app\"", "\"aud\":\"orders-api\""), "scope"),
                key)),
        at.refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "refresh token, HS512",
            hmac(header("HS512", "5d4c3b2a-0000-4000-8000-000000000000", "JWT"), refresh, "HS512")),
        at.refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "offline token, HS512",
            hmac(
                header("HS512", "5d4c3b2a-0000-4000-8000-000000000000", "JWT"),
                refresh.replace("Refresh", "Offline"),
                "HS512")),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "refresh token, signed with RS256 by setting",
            token(head, refresh, key)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "logout token",
            token(header("RS256", "kc-1", "logout+jwt"), logout, key)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "logout token of before, typ JWT",
            token(head, logout, key)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "introspection answer as a token",
            token(header("RS256", "kc-1", "token-introspection+jwt"), own, key)),
        at.refused(
            Reason.KEY_UNKNOWN,
            "another realm",
            token(
                header("RS256", "kc-9", "JWT"),
                own.replace("realms/acme", "realms/other"),
                otherRealm)),
        at.refused(
            Reason.KEY_UNKNOWN,
            "another realm in our realm's name",
            token(header("RS256", "kc-9", "JWT"), own, otherRealm)),
        at.refused(
            Reason.SIGNATURE_INVALID,
            "another realm in our realm's name and kid",
            token(head, own, otherRealm)),
        at.refused(
            Reason.KEY_UNKNOWN,
            "signed with the key for encryption",
            token(header("RS256", "kc-2", "JWT"), own, certified)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "the same realm by its old address",
            token(head, own.replace("kc.example.com/realms", "kc.example.com/auth/realms"), key)),
        at.refused(
            Reason.TOKEN_BOUND,
            "bound by DPoP",
            token(
                head,
                own.replaceFirst(
                    "\\{", "{\"cnf\":{\"jkt\":\"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I\"},"),
                key)),
        at.refused(Reason.EXPIRED, "expired", token(head, own.replace("$exp", "$iat-"), key)));
  }

  static Stream<Sample> keycloakRoles() throws IOException {
    Shown realm =
        new Shown(
            "Keycloak, realm roles",
            keycloakSettings()
                .allowedScopes("orders-reader")
                .scopeClaim("/realm_access/roles")
                .build());
    Shown client =
        new Shown(
            "Keycloak, client roles",
            keycloakSettings()
                .allowedScopes("orders-writer")
                .scopeClaim("/resource_access/orders-api/roles")
                .build());
    TestKey key = certified.as("kc-1", "RS256");
    String head = header("RS256", "kc-1", "JWT");
    String none = KEYCLOAK_CLAIMS.replace(",\"orders-reader\"", "");
    return Stream.of(
        realm.admitted(
            "access token",
            token(head, KEYCLOAK_CLAIMS, key),
            ANN_AT_KEYCLOAK,
            "orders-reader",
            "web-app"),
        realm.refused(Reason.SCOPE_MISSING, "the usual roles alone", token(head, none, key)),
        realm.refused(
            Reason.SCOPE_EMPTY, "no realm role", token(head, without(none, "realm_access"), key)),
        realm.refused(
            Reason.SCOPE_MISSING,
            "the scope named as the role is",
            token(head, none.replace("orders:read\"", "orders-reader\""), key)),
        client.admitted(
            "access token",
            token(head, KEYCLOAK_CLAIMS, key),
            ANN_AT_KEYCLOAK,
            "orders-writer",
            "web-app"),
        client.refused(
            Reason.SCOPE_EMPTY,
            "roles of another client alone",
            token(head, KEYCLOAK_CLAIMS.replace("\"orders-api\":{", "\"payroll-api\":{"), key)));
  }

  // ---- Microsoft Entra ID

  private static final String TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";
  private static final String OTHER_TENANT = "11111111-2222-3333-4444-555555555555";
  private static final String API = "6e74172b-be56-4843-9ff4-e66a39bb12e3";
  private static final String SPA = "9f3a1c77-0a5b-4f8e-a3f0-6a2d5b8c1e90";

  private static final String ENTRA_V2_CLAIMS =
      """
      {"aud":"%s","iss":"https://login.microsoftonline.com/%s/v2.0","iat":$iat,"nbf":$iat,"exp":$exp,
       "aio":"AXQAi/8TAAAA","azp":"%s","azpacr":"0","name":"Ann Archer","oid":"690222be-ff1a-4d56-abd1-7e4f7d38e474",
       "preferred_username":"ann@example.com","rh":"I","scp":"orders.read access_as_user",
       "sub":"HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ","tid":"%s","uti":"fqiBqXLPj0eQa82S-IYFAA","ver":"2.0"}
      """
          .formatted(API, TENANT, SPA, TENANT);

  private static final String ANN_AT_ENTRA = "HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ";

  /** No alg; a certificate, and members that no RFC knows. */
  private static Map<String, Object> entraKey() {
    Map<String, Object> key =
        withCertificate(published(certified.as("entra-1", "RS256"), "sig", null));
    key.put("cloud_instance_name", "microsoftonline.com");
    key.put("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0");
    return key;
  }

  static Stream<Sample> entraV2() throws IOException {
    TokenVerifier.Builder settings =
        settings("https://login.microsoftonline.com/" + TENANT + "/v2.0", "entra2", entraKey());
    Shown at =
        new Shown(
            "Entra v2",
            settings
                .audience(API)
                .allowedScopes("orders.read", "Orders.Read.All")
                .scopeClaim("scp", "roles")
                .build());
    TestKey key = certified.as("entra-1", "RS256");
    String head = header("RS256", "entra-1", "JWT");
    String own = ENTRA_V2_CLAIMS;
    String app =
        without(own, "scp", "name", "preferred_username")
            .replace(
                "\"ver\":\"2.0\"",
                "\"ver\":\"2.0\",\"idtyp\":\"app\",\"roles\":[\"Orders.Read.All\"]");
    String id =
        without(own, "scp", "azp", "azpacr")
            .replace(API, SPA)
            .replace("\"ver\"", "\"nonce\":\"n-1\",\"ver\"");
    String graph = own.replace(API, "00000003-0000-0000-c000-000000000000");
    return Stream.of(
        at.admitted(
            "access token of a user", token(head, own, key), ANN_AT_ENTRA, "orders.read", SPA),
        at.admitted(
            "access token of an application",
            token(head, app, key),
            ANN_AT_ENTRA,
            "Orders.Read.All",
            SPA),
        at.refused(
            Reason.SCOPE_EMPTY,
            "access token of an application without a role",
            token(head, app.replace("[\"Orders.Read.All\"]", "[]"), key)),
        at.refused(
            Reason.SCOPE_MISSING,
            "access token without our scope",
            token(head, own.replace("orders.read ", ""), key)),
        at.refused(Reason.AUDIENCE_NOT_ACCEPTED, "ID token", token(head, id, key)),
        at.refused(
            Reason.SCOPE_EMPTY,
            "ID token where client and API are one registration",
            token(head, id.replace(SPA, API), key)),
        at.refused(Reason.AUDIENCE_NOT_ACCEPTED, "access token for Graph", token(head, graph, key)),
        at.refused(
            Reason.SIGNATURE_INVALID,
            "access token for Graph, its nonce hashed before signing",
            graphToken(graph, key)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another tenant, signed by the same key",
            token(head, own.replace(TENANT, OTHER_TENANT), key)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "the common issuer",
            token(head, own.replace("/" + TENANT + "/", "/common/"), key)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "a token of version 1",
            token(
                head,
                own.replace(
                    "login.microsoftonline.com/" + TENANT + "/v2.0",
                    "sts.windows.net/" + TENANT + "/"),
                key)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "a signed request, typ pop",
            token(header("RS256", "entra-1", "pop"), own, key)),
        at.refused(
            Reason.TOKEN_NOT_JWS,
            "refresh token",
            "0.AXkAv4j5cvGGr0GRqy180BHbRytldG6-vkNDn_TmajkbsuO.AgABAAEAAAD"),
        at.refused(
            Reason.TOKEN_NOT_JWS,
            "refresh token of another kind",
            "M.C507_BAY.0.U.-CqAbcDefGhIjKlMnOpQrStUv"),
        at.refused(
            Reason.KEY_UNKNOWN,
            "signed with a key of nobody",
            token(header("RS256", "entra-9", "JWT"), own, RSA)));
  }

  /** Graph's tokens are signed over a header whose nonce is hashed. */
  private static String graphToken(String claims, TestKey key) {
    String sent = "{\"typ\":\"JWT\",\"nonce\":\"abc\",\"alg\":\"RS256\",\"kid\":\"entra-1\"}";
    String signature = token(sent.replace("abc", "def"), claims, key).split("\\.")[2];
    String[] part = token(sent, claims, key).split("\\.");
    return part[0] + "." + part[1] + "." + signature;
  }

  static Stream<Sample> entraV1() throws IOException {
    String issuer = "https://sts.windows.net/" + TENANT + "/";
    Shown at =
        new Shown(
            "Entra v1",
            settings(issuer, "entra1", entraKey())
                .audience("api://" + API)
                .allowedScopes("orders.read")
                .build());
    TestKey key = certified.as("entra-1", "RS256");
    String head =
        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5t\":\"" + thumbprint() + "\",\"kid\":\"entra-1\"}";
    String own =
        """
        {"aud":"api://%s","iss":"%s","iat":$iat,"nbf":$iat,"exp":$exp,"acr":"1","aio":"AXQAi/8TAAAA","amr":["pwd","mfa"],
         "appid":"%s","appidacr":"0","family_name":"Archer","given_name":"Ann","ipaddr":"203.0.113.7","name":"Ann Archer",
         "oid":"690222be-ff1a-4d56-abd1-7e4f7d38e474","rh":"I","scp":"orders.read user_impersonation",
         "sub":"l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA","tid":"%s","unique_name":"ann@example.com","upn":"ann@example.com",
         "uti":"fqiBqXLPj0eQa82S-IYFAA","ver":"1.0"}
        """
            .formatted(API, issuer, SPA, TENANT);
    return Stream.of(
        at.admitted(
            "access token; appid is not client_id",
            token(head, own, key),
            "l3_roISQU222bULS9yi2k0XpqpOiMz5H3ZACo1GeXA",
            "orders.read",
            null),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "iss without its slash",
            token(head, own.replace(TENANT + "/\"", TENANT + "\""), key)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another tenant, signed by the same key",
            token(head, own.replace(TENANT, OTHER_TENANT), key)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "a token of version 2",
            token(header("RS256", "entra-1", "JWT"), ENTRA_V2_CLAIMS, key)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for the old Graph",
            token(head, own.replace("api://" + API, "https://graph.windows.net"), key)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "the identifier without api://",
            token(head, own.replace("api://", ""), key)));
  }

  // ---- Okta, a custom authorization server

  static Stream<Sample> okta() throws IOException {
    String issuer = "https://acme.okta.com/oauth2/default";
    Map<String, Object> key = published(certified.as("okta-1", "RS256"), "sig", "RS256");
    Map<String, Object> next = published(RSA.as("okta-2", "RS256"), "sig", "RS256");
    Shown at =
        new Shown(
            "Okta",
            settings(issuer, "okta", key, next)
                .audience("api://default")
                .allowedScopes("orders:read")
                .build());
    String head = "{\"kid\":\"okta-1\",\"alg\":\"RS256\"}";
    String own =
        """
        {"ver":1,"jti":"AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE","iss":"https://acme.okta.com/oauth2/default",
         "aud":"api://default","iat":$iat,"exp":$exp,"cid":"0oa1gjh63g214q0Hq0g4","uid":"00u1gjh63g214q0Hq0g4",
         "scp":["openid","profile","orders:read"],"auth_time":$iat,"sub":"ann@example.com"}
        """;
    String id =
        """
        {"sub":"00u1gjh63g214q0Hq0g4","ver":1,"iss":"https://acme.okta.com/oauth2/default","aud":"0oa1gjh63g214q0Hq0g4",
         "iat":$iat,"exp":$exp,"jti":"ID.55cxBtdYl8l6arKISPBwd0yOT-9UCTaXaQTXt2laRLs","amr":["pwd"],"idp":"00o1","nonce":"n-1",
         "auth_time":$iat,"at_hash":"cpqKfdQA5eH891Ff5oJr_Q"}
        """;
    String machine =
        without(own, "uid", "auth_time")
            .replace("ann@example.com", "0oa1gjh63g214q0Hq0g4")
            .replace("\"openid\",\"profile\",", "");
    TestKey signer = certified.as("okta-1", "RS256");
    return Stream.of(
        at.admitted(
            "access token; cid is not client_id",
            token(head, own, signer),
            "ann@example.com",
            "orders:read",
            null),
        at.admitted(
            "access token of a service",
            token(head, machine, signer),
            "0oa1gjh63g214q0Hq0g4",
            "orders:read",
            null),
        at.admitted(
            "access token under the next key",
            token(head.replace("okta-1", "okta-2"), own, RSA),
            "ann@example.com",
            "orders:read",
            null),
        at.refused(Reason.AUDIENCE_NOT_ACCEPTED, "ID token", token(head, id, signer)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "access token of the org's own server",
            token(
                "{\"kid\":\"okta-1\",\"typ\":\"application/okta-internal-at+jwt\",\"alg\":\"RS256\"}",
                own,
                signer)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another authorization server of the org",
            token(head, own.replace("oauth2/default", "oauth2/aus9k2"), signer)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another org",
            token(head, own.replace("acme.okta", "evil.okta"), signer)),
        at.refused(
            Reason.KEY_UNKNOWN,
            "another org under its own key",
            token(head.replace("okta-1", "okta-9"), own.replace("acme.okta", "evil.okta"), RSA)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for another API",
            token(head, own.replace("api://default", "api://payroll"), signer)),
        at.refused(
            Reason.SCOPE_MISSING,
            "access token without our scope",
            token(head, own.replace(",\"orders:read\"", ""), signer)),
        at.refused(
            Reason.TOKEN_NOT_JWS, "refresh token", "a9VpZDRCeFh3Nkk2VdYcqeEBx3V0ZDJkSTE2Nzk4a"),
        at.refused(
            Reason.TOKEN_BOUND,
            "bound by DPoP",
            token(head, own.replaceFirst("\\{", "{\"cnf\":{\"jkt\":\"x\"},"), signer)));
  }

  // ---- Auth0

  static Stream<Sample> auth0() throws IOException {
    String issuer = "https://acme.eu.auth0.com/";
    Map<String, Object> key =
        withCertificate(published(certified.as("auth0-1", "RS256"), "sig", "RS256"));
    Shown at =
        new Shown(
            "Auth0",
            settings(issuer, "auth0", key)
                .audience("https://api.example.com")
                .allowedScopes("orders:read")
                .build());
    Shown permissions =
        new Shown(
            "Auth0, permissions",
            settings(issuer, "auth0p", key)
                .audience("https://api.example.com")
                .allowedScopes("orders:read")
                .scopeClaim("permissions")
                .build());
    Shown profile =
        new Shown(
            "Auth0, RFC 9068",
            settings(issuer, "auth0r", key)
                .audience("https://api.example.com")
                .allowedScopes("orders:read")
                .tokenType("at+jwt")
                .build());
    TestKey signer = certified.as("auth0-1", "RS256");
    String head = header("RS256", "auth0-1", "JWT");
    String own =
        """
        {"iss":"https://acme.eu.auth0.com/","sub":"auth0|64f1c2d3e4b5a6c7d8e9f0a1","aud":["https://api.example.com",
         "https://acme.eu.auth0.com/userinfo"],"iat":$iat,"exp":$exp,"scope":"openid profile email orders:read",
         "azp":"aBcDeFgHiJkLmNoPqRsTuVwXyZ012345","permissions":["orders:read","orders:delete"],"org_id":"org_1"}
        """;
    String machine =
        """
        {"iss":"https://acme.eu.auth0.com/","sub":"M2mClient@clients","aud":"https://api.example.com","iat":$iat,"exp":$exp,
         "scope":"orders:read","gty":"client-credentials","azp":"M2mClient"}
        """;
    String rfc9068 =
        """
        {"iss":"https://acme.eu.auth0.com/","sub":"auth0|64f1c2d3e4b5a6c7d8e9f0a1","aud":"https://api.example.com","iat":$iat,
         "exp":$exp,"scope":"orders:read","jti":"eXaMpLe","client_id":"aBcDeFgHiJkLmNoPqRsTuVwXyZ012345"}
        """;
    String id =
        """
        {"nickname":"ann","name":"Ann","picture":"https://s.gravatar.com/avatar/x","updated_at":"2026-11-24T11:59:00.000Z",
         "email":"ann@example.com","email_verified":true,"iss":"https://acme.eu.auth0.com/","aud":"aBcDeFgHiJkLmNoPqRsTuVwXyZ012345",
         "sub":"auth0|64f1c2d3e4b5a6c7d8e9f0a1","iat":$iat,"exp":$exp,"sid":"s-1","nonce":"n-1"}
        """;
    String client = "aBcDeFgHiJkLmNoPqRsTuVwXyZ012345";
    String ann = "auth0|64f1c2d3e4b5a6c7d8e9f0a1";
    String jwe =
        TestToken.base64Url(
                "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"iss\":\"https://acme.eu.auth0.com/\"}")
            + "..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
    return Stream.of(
        at.admitted("access token", token(head, own, signer), ann, "orders:read", client),
        at.admitted(
            "access token of a machine",
            token(head, machine, signer),
            "M2mClient@clients",
            "orders:read",
            "M2mClient"),
        at.admitted(
            "access token in the profile of RFC 9068",
            token(header("RS256", "auth0-1", "at+jwt"), rfc9068, signer),
            ann,
            "orders:read",
            client),
        permissions.admitted("access token", token(head, own, signer), ann, "orders:read", client),
        permissions.refused(
            Reason.SCOPE_EMPTY, "access token without permissions", token(head, machine, signer)),
        profile.admitted(
            "access token",
            token(header("RS256", "auth0-1", "at+jwt"), rfc9068, signer),
            ann,
            "orders:read",
            client),
        profile.refused(
            Reason.TYPE_NOT_ACCEPTED, "access token of the older kind", token(head, own, signer)),
        at.refused(Reason.AUDIENCE_NOT_ACCEPTED, "ID token", token(head, id, signer)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for the Management API",
            token(
                head,
                machine.replace("https://api.example.com", "https://acme.eu.auth0.com/api/v2/"),
                signer)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for userinfo alone",
            token(
                head,
                machine.replace("https://api.example.com", "https://acme.eu.auth0.com/userinfo"),
                signer)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "iss without its slash",
            token(head, own.replace("auth0.com/\"", "auth0.com\""), signer)),
        at.refused(
            Reason.KEY_UNKNOWN,
            "another tenant",
            token(header("RS256", "auth0-9", "JWT"), own.replace("acme.eu", "evil.eu"), RSA)),
        at.refused(
            Reason.SIGNATURE_INVALID,
            "another tenant in our tenant's name and kid",
            token(head, own, RSA)),
        at.refused(Reason.TOKEN_NOT_JWS, "opaque access token, encrypted", jwe),
        at.refused(
            Reason.TOKEN_NOT_JWS,
            "refresh token",
            "v1.MmFjYzE0ZTMtOTZkYi00NGQ0LWJhOTQtMzUwNjVlY2Y5YzVi"),
        at.refused(
            Reason.ALGORITHM_NOT_ALLOWED,
            "access token of an API set to HS256",
            hmac("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", machine, "HS256")),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "logout token",
            token(
                header("RS256", "auth0-1", "logout+jwt"),
                logoutClaims(issuer, "https://api.example.com"),
                signer)));
  }

  // ---- Spring Authorization Server

  static Stream<Sample> spring() throws IOException {
    String issuer = "https://auth.example.com";
    Map<String, Object> rsa = published(certified.as("d4c3b2a1", "RS256"), null, null);
    Map<String, Object> ec = published(EC.as("es-1", "ES256"), null, null);
    Shown at =
        new Shown(
            "Spring",
            settings(issuer, "spring", rsa, ec)
                .audience("web")
                .allowedScopes("orders:read")
                .build());
    String head = "{\"kid\":\"d4c3b2a1\",\"alg\":\"RS256\"}";
    String own =
        """
        {"sub":"ann","aud":"web","nbf":$iat,"scope":["openid","orders:read"],"iss":"https://auth.example.com","exp":$exp,"iat":$iat,
         "jti":"2b8f0f6e-7c1d-4a7e-9a53-0c9d1b2e3f40"}
        """;
    String id =
        """
        {"sub":"ann","aud":"web","azp":"web","auth_time":$iat,"iss":"https://auth.example.com","exp":$exp,"iat":$iat,"nonce":"n-1",
         "jti":"9f0e","sid":"Jg3bX"}
        """;
    TestKey signer = certified.as("d4c3b2a1", "RS256");
    String opaque = Base64URL.encode(new byte[96]).toString();
    return Stream.of(
        at.admitted(
            "access token, scope an array, no typ",
            token(head, own, signer),
            "ann",
            "orders:read",
            null),
        at.admitted(
            "access token of a client",
            token(head, own.replace("\"sub\":\"ann\"", "\"sub\":\"web\""), signer),
            "web",
            "orders:read",
            null),
        at.admitted(
            "access token, ES256",
            token("{\"kid\":\"es-1\",\"alg\":\"ES256\"}", own, EC),
            "ann",
            "orders:read",
            null),
        at.admitted(
            "access token, scope customised to a text",
            token(
                head,
                own.replace("[\"openid\",\"orders:read\"]", "\"openid orders:read\""),
                signer),
            "ann",
            "orders:read",
            null),
        at.admitted(
            "access token, typ customised to at+jwt",
            token(header("RS256", "d4c3b2a1", "at+jwt"), own, signer),
            "ann",
            "orders:read",
            null),
        at.refused(
            Reason.SCOPE_EMPTY,
            "ID token, whose audience is the client too",
            token(head, id, signer)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token of another client",
            token(head, own.replace("\"aud\":\"web\"", "\"aud\":\"mobile\""), signer)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "ID token of another client",
            token(head, id.replace("\"web\"", "\"mobile\""), signer)),
        at.refused(
            Reason.SCOPE_MISSING,
            "access token without our scope",
            token(head, own.replace(",\"orders:read\"", ""), signer)),
        at.refused(Reason.TOKEN_NOT_JWS, "opaque access token, refresh token", opaque),
        at.refused(
            Reason.KEY_UNKNOWN,
            "after a restart with a generated key",
            token(head.replace("d4c3b2a1", "00000000"), own, RSA)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another issuer of the same server",
            token(head, own.replace("auth.example.com", "auth.example.com/other"), signer)),
        at.refused(
            Reason.CERTIFICATE_MISSING,
            "bound to a certificate",
            token(head, own.replaceFirst("\\{", "{\"cnf\":{\"x5t#S256\":\"x\"},"), signer)));
  }

  // ---- oidc-provider

  static Stream<Sample> oidcProvider() throws IOException {
    String issuer = "https://op.example.com";
    Map<String, Object> rsa = published(certified.as("op-rs", "RS256"), "sig", null);
    Map<String, Object> encrypting = published(RSA.as("op-enc", "RS256"), "enc", null);
    Map<String, Object> ec = published(EC.as("op-es", "ES256"), "sig", null);
    Map<String, Object> ed = published(ED.as("op-ed", "EdDSA"), "sig", null);
    Shown at =
        new Shown(
            "oidc-provider",
            settings(issuer, "op", rsa, encrypting, ec, ed)
                .audience("https://api.example.com")
                .allowedScopes("orders:read")
                .tokenType("at+jwt")
                .build());
    String own =
        """
        {"jti":"rKq2vT0yq0Yl3bZt1uXk9","sub":"ann","iat":$iat,"exp":$exp,"scope":"orders:read orders:list","client_id":"web",
         "iss":"https://op.example.com","aud":"https://api.example.com"}
        """;
    String id =
        """
        {"sub":"ann","nonce":"n-1","at_hash":"x","aud":"web","exp":$exp,"iat":$iat,"iss":"https://op.example.com"}
        """;
    TestKey signer = certified.as("op-rs", "RS256");
    String head = header("RS256", "op-rs", "at+jwt");
    return Stream.of(
        at.admitted("access token, RS256", token(head, own, signer), "ann", "orders:read", "web"),
        at.admitted(
            "access token, PS256 under a key without alg",
            token(header("PS256", "op-rs", "at+jwt"), own, certified.as("op-rs", "PS256")),
            "ann",
            "orders:read",
            "web"),
        at.admitted(
            "access token, ES256",
            token(header("ES256", "op-es", "at+jwt"), own, EC),
            "ann",
            "orders:read",
            "web"),
        at.admitted(
            "access token, EdDSA",
            token(header("EdDSA", "op-ed", "at+jwt"), own, ED),
            "ann",
            "orders:read",
            "web"),
        at.admitted(
            "access token, Ed25519",
            token(header("Ed25519", "op-ed", "at+jwt"), own, ED),
            "ann",
            "orders:read",
            "web"),
        at.admitted(
            "client credentials, sub the client",
            token(head, own.replace("\"sub\":\"ann\"", "\"sub\":\"web\""), signer),
            "web",
            "orders:read",
            "web"),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "ID token",
            token(header("RS256", "op-rs", "JWT"), id, signer)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "ID token for our own name",
            token(
                header("RS256", "op-rs", "JWT"),
                id.replace("\"aud\":\"web\"", "\"aud\":\"https://api.example.com\""),
                signer)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "logout token",
            token(header("RS256", "op-rs", "logout+jwt"), logoutClaims(issuer, "web"), signer)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "introspection answer as a token",
            token(header("RS256", "op-rs", "token-introspection+jwt"), own, signer)),
        at.refused(
            Reason.TYPE_NOT_ACCEPTED,
            "userinfo as a token, without typ",
            token("{\"alg\":\"RS256\",\"kid\":\"op-rs\"}", id, signer)),
        at.refused(
            Reason.AUDIENCE_NOT_ACCEPTED,
            "access token for another resource",
            token(head, own.replace("api.example.com", "pay.example.com"), signer)),
        at.refused(
            Reason.TOKEN_NOT_JWS,
            "opaque access token",
            "Vb9m3Xb2kQ0fXx7yq6n3wYp1rT5sU8vZ0aBcDeFgHiJ"),
        at.refused(
            Reason.TOKEN_NOT_JWS,
            "PASETO access token",
            "v4.public." + Base64URL.encode(new byte[300])),
        at.refused(
            Reason.KEY_UNKNOWN,
            "signed with the key for encryption",
            token(header("RS256", "op-enc", "at+jwt"), own, RSA)),
        at.refused(
            Reason.ISSUER_NOT_ACCEPTED,
            "another provider under the same key",
            token(head, own.replace("op.example.com", "op2.example.com"), signer)),
        at.refused(
            Reason.TOKEN_BOUND,
            "bound by DPoP",
            token(head, own.replaceFirst("\\{", "{\"cnf\":{\"jkt\":\"x\"},"), signer)));
  }

  // ---- helpers

  private static String header(String alg, String kid, String typ) {
    return "{\"alg\":\"" + alg + "\",\"typ\":\"" + typ + "\",\"kid\":\"" + kid + "\"}";
  }

  private static String logoutClaims(String issuer, String audience) {
    return """
    {"iat":$iat,"jti":"l-1","iss":"%s","aud":"%s","sub":"ann","sid":"s-1","exp":$exp,
     "events":{"http://schemas.openid.net/event/backchannel-logout":{}}}
    """
        .formatted(issuer, audience);
  }

  private static String token(String header, String claims, TestKey key) {
    return TestToken.signed(header, dated(claims), key);
  }

  private static String hmac(String header, String claims, String alg) {
    byte[] secret = new byte[64];
    Arrays.fill(secret, (byte) 7);
    return TestToken.signed(
        header.getBytes(StandardCharsets.UTF_8),
        dated(claims).getBytes(StandardCharsets.UTF_8),
        input -> TestToken.hmac(alg, secret, input));
  }

  /** Issued a minute ago for five minutes; {@code $iat-} was an hour ago. */
  private static String dated(String claims) {
    long now = Trial.NOW.getEpochSecond();
    return claims
        .replace("$iat-", Long.toString(now - 3_600))
        .replace("$iat", Long.toString(now - 60))
        .replace("$exp", Long.toString(now + 240));
  }

  private static String without(String claims, String... names) {
    try {
      Map<String, Object> members =
          new LinkedHashMap<>(
              JSONObjectUtils.parse(claims.replaceAll("\\$(iat|exp)", "\"\\$$1\"")));
      members.keySet().removeAll(List.of(names));
      return JSONObjectUtils.toJSONString(members).replaceAll("\"\\$(iat|exp)\"", "\\$$1");
    } catch (java.text.ParseException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, Object> published(TestKey key, String use, String alg) {
    Map<String, Object> jwk = new LinkedHashMap<>(key.jwk(key.kid(), null).toJSONObject());
    if (use != null) jwk.put("use", use);
    if (alg != null) jwk.put("alg", alg);
    return jwk;
  }

  private static Map<String, Object> withCertificate(Map<String, Object> jwk) {
    jwk.put("x5c", List.of(Base64.getEncoder().encodeToString(certificate)));
    jwk.put("x5t", thumbprint());
    jwk.put("x5t#S256", Base64URL.encode(SignatureFaults.hash("SHA-256", certificate)).toString());
    return jwk;
  }

  private static String thumbprint() {
    return Base64URL.encode(SignatureFaults.hash("SHA-1", certificate)).toString();
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static TokenVerifier.Builder settings(
      String issuer, String name, Map<String, Object>... keys) throws IOException {
    Path file = folder.resolve(name + ".json");
    Files.writeString(file, JSONObjectUtils.toJSONString(Map.of("keys", List.of(keys))));
    return TokenVerifier.builder().issuer(issuer).jwks(file.toString()).clock(Trial.CLOCK);
  }
}
