package io.sallyport;

import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletContainerInitializer;
import java.net.InetSocketAddress;
import java.util.Set;

/** Embedded Undertow 2.3, Servlet 6.0. */
record UndertowContainer(Undertow undertow, DeploymentManager deployment, int port)
    implements Container {
  static Container start(Application application) throws Exception {
    ServletContainerInitializer initializer =
        (classes, context) -> {
          try {
            application.register(context);
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    DeploymentInfo info =
        Servlets.deployment()
            .setClassLoader(UndertowContainer.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("test.war")
            .setEagerFilterInit(true)
            .addErrorPage(Servlets.errorPage("/error"))
            .addServletContainerInitializer(
                new ServletContainerInitializerInfo(
                    initializer.getClass(), new ImmediateInstanceFactory<>(initializer), Set.of()));
    DeploymentManager deployment = Servlets.newContainer().addDeployment(info);
    deployment.deploy();
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setIoThreads(2)
            .setWorkerThreads(8)
            .setHandler(deployment.start())
            .build();
    undertow.start();
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return new UndertowContainer(undertow, deployment, address.getPort());
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
