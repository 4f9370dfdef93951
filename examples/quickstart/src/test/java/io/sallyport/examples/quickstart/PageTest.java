package io.sallyport.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openqa.selenium.support.ui.ExpectedConditions.attributeToBe;
import static org.openqa.selenium.support.ui.ExpectedConditions.not;
import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.textToBe;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The page in headless Chromium. Where there is none it is skipped, with the reason printed; in CI
 * (environment variable {@code CI=true}) it fails.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PageTest {
  private static final Path PICTURES = Path.of("target", "screenshots");

  /**
   * Of these the documentation shows the first screenful; {@code -Ddocs.write=true} puts it there.
   */
  private static final Map<String, Path> IN_DOCS =
      Map.of(
          "refused-light", Path.of("../../docs/quickstart.png"),
          "refused-dark", Path.of("../../docs/quickstart-dark.png"));

  private static final int FAR = 60;

  /** Selenium warns of browsers newer than itself; held here, or the level would be forgotten. */
  private static final Logger selenium = Logger.getLogger("org.openqa.selenium");

  private static Quickstart quickstart;
  private static ChromeDriver browser;
  private static WebDriverWait patience;

  @BeforeAll
  static void start() throws Exception {
    selenium.setLevel(Level.SEVERE);
    browser = browser();
    patience = new WebDriverWait(browser, Duration.ofSeconds(20));
    quickstart = Quickstart.start(List.of(0));
    Files.createDirectories(PICTURES);
  }

  @AfterAll
  static void stop() throws Exception {
    if (browser != null) browser.quit();
    if (quickstart != null) quickstart.stop();
  }

  private static ChromeDriver browser() throws IOException {
    Optional<File> driver = executable("chromedriver");
    if (driver.isEmpty()) return without(new IllegalStateException("no chromedriver on the PATH"));
    ChromeOptions options = new ChromeOptions();
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir="
            + Files.createTempDirectory(Path.of("target"), "chromium").toAbsolutePath());
    executable("chromium").ifPresent(options::setBinary);
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    try {
      return new ChromeDriver(
          new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).build(), options);
    } catch (WebDriverException e) {
      return without(e);
    }
  }

  /** Named by its path, so that Selenium looks for none to download. */
  private static Optional<File> executable(String name) {
    String path = "/usr/bin" + File.pathSeparator + System.getenv("PATH");
    return Stream.of(path.split(Pattern.quote(File.pathSeparator)))
        .map(folder -> new File(folder, name))
        .filter(File::canExecute)
        .findFirst();
  }

  private static ChromeDriver without(RuntimeException cause) {
    if ("true".equals(System.getenv("CI"))) throw cause;
    String reason = "The page is not tested, since no Chromium can be had: " + cause.getMessage();
    System.out.println(reason);
    return Assumptions.abort(reason);
  }

  @BeforeEach
  void open() {
    media("light", 1280, 900);
    browser.get(quickstart.origin() + "/");
    patience.until(attributeToBe(By.tagName("body"), "data-ready", "true"));
  }

  @AfterEach
  void nothing_is_wrong_in_the_console() {
    assertThat(browser.manage().logs().get(LogType.BROWSER)).isEmpty();
  }

  @Test
  void a_token_is_minted_and_sent_by_keyboard_alone() {
    tabTo("subject").sendKeys(Keys.chord(Keys.CONTROL, "a"), "beatrice");
    press(Keys.TAB, Keys.TAB, Keys.SPACE); // orders:write
    tabTo("mint");
    press(Keys.ENTER);
    patience.until(textMatches(By.id("payload"), Pattern.compile("\"sub\": \"beatrice\"")));
    assertThat(text("payload")).contains("\"scope\": \"orders:read orders:write\"");
    assertThat(text("header")).contains("\"alg\": \"ES256\"");

    tabTo("send-get");
    press(Keys.ENTER);
    patience.until(textToBe(By.id("status"), "200"));
    assertThat(text("finding")).startsWith("Admitted");
    assertThat(text("saw")).contains("subject        beatrice");
    assertThat(text("unseen")).contains("Authorization header: absent");

    tabTo("send-post");
    press(Keys.SPACE);
    patience.until(textToBe(By.id("status"), "201"));
  }

  @Test
  void each_attack_shows_its_status_and_reason() {
    for (Attack attack : Attack.values()) {
      String before = text("body");
      new Select(element("attack")).selectByValue(attack.id());
      assertThat(text("story")).isEqualTo(attack.story());
      element("send-get").click();
      patience.until(not(textToBe(By.id("body"), before)));
      idle();

      String status = String.valueOf(attack.reason().kind().status());
      assertThat(text("status")).as(attack.title()).isEqualTo(status);
      assertThat(text("code")).as(attack.title()).isEqualTo(attack.reason().code());
      assertThat(text("line")).contains("refused " + attack.reason().code());
      assertThat(text("response")).startsWith("HTTP/1.1 " + status);
      assertThat(text("saw")).isEqualTo("Nothing: it was not called.");
    }
  }

  @Test
  void all_attacks_are_run_at_once() {
    tabTo("run");
    press(Keys.ENTER);
    idle();

    assertThat(text("tally")).startsWith(Attack.values().length + " of " + Attack.values().length);
    assertThat(browser.findElements(By.cssSelector("#attacks td.right")))
        .hasSize(Attack.values().length);
  }

  @Test
  void markup_in_a_subject_stays_text() {
    element("subject").clear();
    element("subject").sendKeys("<img src=x onerror=alert(1)>");
    element("send-get").click();
    patience.until(textToBe(By.id("status"), "200"));

    assertThat(text("saw")).contains("<img src=x onerror=alert(1)>");
    assertThat(browser.findElements(By.cssSelector("main img"))).isEmpty();
  }

  @Test
  void nothing_moves_when_an_answer_comes() {
    Object before = topOf("gauntlet-title");
    element("send-post").click();
    patience.until(textToBe(By.id("status"), "403"));
    assertThat(topOf("gauntlet-title")).isEqualTo(before);
    element("send-get").click();
    patience.until(textToBe(By.id("status"), "200"));
    assertThat(topOf("gauntlet-title")).isEqualTo(before);
  }

  @Test
  void every_control_has_a_label() {
    assertThat(browser.findElements(By.cssSelector("input, select")))
        .isNotEmpty()
        .allSatisfy(control -> assertThat(control.getAccessibleName()).isNotBlank());
  }

  @Test
  void it_fits_a_narrow_screen_and_a_dark_one() throws IOException {
    photograph("first-light", "light", 1280);
    photograph("first-narrow", "light", 360);
    element("send-get").click();
    patience.until(textToBe(By.id("status"), "200"));
    photograph("admitted-light", "light", 1280);
    photograph("admitted-dark", "dark", 1280);
    new Select(element("attack")).selectByValue(Attack.HOST_SCOPE.id());
    element("send-get").click();
    patience.until(textToBe(By.id("status"), "403"));
    element("run").click();
    idle();
    photograph("refused-light", "light", 1280);
    photograph("refused-dark", "dark", 1280);
    photograph("refused-narrow", "light", 360);
    photograph("refused-narrow-dark", "dark", 360);
    photograph("refused-middle", "light", 760);
  }

  private static WebElement element(String id) {
    return browser.findElement(By.id(id));
  }

  private static String text(String id) {
    return element(id).getText();
  }

  private static Object topOf(String id) {
    return browser.executeScript(
        "return document.getElementById(arguments[0]).getBoundingClientRect().top + scrollY", id);
  }

  private static void press(CharSequence... keys) {
    Actions actions = new Actions(browser);
    for (CharSequence key : keys) actions.sendKeys(key);
    actions.perform();
  }

  private static WebElement tabTo(String id) {
    for (int i = 0; i < FAR; i++) {
      WebElement focused = browser.switchTo().activeElement();
      if (id.equals(focused.getDomAttribute("id"))) return focused;
      press(Keys.TAB);
    }
    throw new AssertionError("Tab does not lead to " + id);
  }

  /** Waits until the page has done what it was last told. */
  private static void idle() {
    patience.until(
        page -> page.findElement(By.tagName("body")).getDomAttribute("aria-busy") == null);
  }

  private static void media(String scheme, int width, int height) {
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  private static void photograph(String name, String scheme, int width) throws IOException {
    media(scheme, width, 900);
    browser.executeScript("scrollTo(0, 0)");
    assertThat((long) browser.executeScript("return document.documentElement.scrollWidth"))
        .as(name)
        .isLessThanOrEqualTo(width);
    Files.write(PICTURES.resolve(name + ".png"), picture(Map.of("captureBeyondViewport", true)));
    if (Boolean.getBoolean("docs.write") && IN_DOCS.containsKey(name)) {
      Files.write(IN_DOCS.get(name), picture(Map.of()));
    }
  }

  private static byte[] picture(Map<String, Object> options) {
    Object data = browser.executeCdpCommand("Page.captureScreenshot", options).get("data");
    return Base64.getDecoder().decode((String) data);
  }
}
