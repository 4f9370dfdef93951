package io.sallyport.examples.webapp;

import io.sallyport.SallyportFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.EnumSet;
import java.util.Set;

/** An application without web.xml: the servlet API alone, and so the same in each container. */
final class Gated implements ServletContainerInitializer {
  private final String issuer;

  Gated(String issuer) {
    this.issuer = issuer;
  }

  @Override
  public void onStartup(Set<Class<?>> classes, ServletContext context) {
    SallyportFilter gate =
        SallyportFilter.builder()
            .issuer(issuer)
            .allowHttp(true) // for an issuer on your own machine
            .audience("https://api.example.com")
            .allowedScopes("orders:read", "orders:write")
            .build();
    FilterRegistration.Dynamic filter = context.addFilter("sallyport", gate);
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");

    ServletRegistration.Dynamic servlet = context.addServlet("admin", new AdminServlet());
    servlet.setAsyncSupported(true);
    servlet.addMapping("/admin/*");
  }
}
