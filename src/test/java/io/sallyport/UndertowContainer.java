package io.sallyport;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Embedded Undertow. */
record UndertowContainer(Undertow undertow, DeploymentManager deployment, int port)
    implements Container {
  static Container start(Application application, Threads threads) throws Exception {
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(UndertowContainer.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("test.war")
            .setEagerFilterInit(true)
            .addErrorPage(Servlets.errorPage("/error"))
            .addServletContainerInitializer(
                new ServletContainerInitializerInfo(
                    application.getClass(), new ImmediateInstanceFactory<>(application), Set.of()));
    if (threads == Threads.VIRTUAL) {
      info.setExecutor(virtualThreads()).setAsyncExecutor(virtualThreads());
    }
    DeploymentManager deployment = Servlets.newContainer().addDeployment(info);
    deployment.deploy();
    Undertow undertow =
        Undertow.builder()
            .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(8)
            .setHandler(deployment.start())
            .build();
    undertow.start();
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return new UndertowContainer(undertow, deployment, address.getPort());
  }

  /** By reflection, for the tests are compiled for a Java that has none. */
  private static Executor virtualThreads() throws ReflectiveOperationException {
    return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  @Override
  public void close() {
    try {
      undertow.stop();
      deployment.stop();
      deployment.undeploy();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
