package io.sallyport;

/**
 * Takes the settings of one of several issuers; see {@link PolicyBuilder#issuer(String,
 * java.util.function.Consumer)}.
 *
 * @since 0.1.0
 */
public final class IssuerBuilder extends TokenSettings<IssuerBuilder> {
  IssuerBuilder(GivenSettings own) {
    super(own);
  }

  @Override
  IssuerBuilder self() {
    return this;
  }
}
