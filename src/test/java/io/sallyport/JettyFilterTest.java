package io.sallyport;

/** The filter in embedded Jetty 12.1 ee10. */
final class JettyFilterTest extends FilterContract {
  @Override
  Container.Kind container() {
    return JettyContainer::start;
  }
}
