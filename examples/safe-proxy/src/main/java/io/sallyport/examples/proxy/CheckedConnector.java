package io.sallyport.examples.proxy;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections of the proxy, and none to an address that the policy does not allow.
 *
 * <p>A name is not checked before it is used, as it may lead elsewhere a moment later (DNS
 * rebinding): what is looked at here is the very address that is connected to next, whoever has
 * resolved it. What is no address of the internet, such as a Unix domain socket, is refused too.
 */
final class CheckedConnector extends ClientConnector {
  private static final Logger log = LoggerFactory.getLogger(CheckedConnector.class);

  private final AddressPolicy policy;

  CheckedConnector(AddressPolicy policy) {
    this.policy = policy;
  }

  @Override
  public void connect(SocketAddress address, Map<String, Object> context) {
    if (isAllowed(address)) {
      super.connect(address, context);
      return;
    }
    log.warn("{} is neither public nor listed in addresses: not connected", address);
    Promise<?> connection = (Promise<?>) context.get(CONNECTION_PROMISE_CONTEXT_KEY);
    connection.failed(new ConnectException("address not allowed"));
  }

  private boolean isAllowed(SocketAddress address) {
    return address instanceof InetSocketAddress internet
        && !internet.isUnresolved()
        && policy.allows(internet.getAddress());
  }
}
