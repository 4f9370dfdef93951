package io.sallyport;

/** The checks of the gate by name, in the order in which it makes them. */
enum Stage {
  FORM("form"),
  TRUSTED_ISSUER("trusted issuer"),
  HEADER("header"),
  ALGORITHM("algorithm"),
  KEY("key"),
  SIGNATURE("signature"),
  CLAIMS("claims"),
  BINDING("binding"),
  TYPE("type"),
  ISSUER("issuer"),
  AUDIENCE("audience"),
  PERIOD("period"),
  REQUIRED_CLAIMS("required claims"),
  POSSESSION("possession"),
  SCOPES("scopes"),
  ROUTE("route"),
  APPLICATION("application");

  private final String title;

  Stage(String title) {
    this.title = title;
  }

  /** In a word or two, for the operator. */
  String title() {
    return title;
  }

  /** Where a token was stopped that came as far as this: the signature has stages of its own. */
  Stage of(Reason reason) {
    return switch (reason) {
      case HEADER_MALFORMED, HEADER_UNSUPPORTED -> HEADER;
      case ALGORITHM_NOT_ALLOWED -> ALGORITHM;
      case KEY_UNKNOWN, KEY_UNFIT, KEY_AMBIGUOUS, KEYS_UNAVAILABLE -> KEY;
      default -> this;
    };
  }
}
