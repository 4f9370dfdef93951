package io.sallyport;

/** The life of the filter in embedded Jetty. */
final class JettyLifecycleTest extends LifecycleContract {
  @Override
  Container.Kind container() {
    return JettyContainer::start;
  }

  @Override
  ApplicationServer server() throws Exception {
    return new JettyServer();
  }
}
