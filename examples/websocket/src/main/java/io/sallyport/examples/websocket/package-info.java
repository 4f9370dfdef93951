/** Orders over WebSocket: no session without a verified token, and none that outlives it. */
@NullMarked
package io.sallyport.examples.websocket;

import org.jspecify.annotations.NullMarked;
