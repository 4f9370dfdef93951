package io.sallyport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.after;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** When exchanges are ended, and which are waited for; the container itself is the seam. */
final class ExpiriesTest {
  private static final int PATIENCE = 10_000;

  private final AtomicReference<Instant> now = new AtomicReference<>(Trial.NOW);
  private final Expiries expiries = new Expiries(new Trial.Hand(now::get));

  @AfterEach
  void close() {
    expiries.close();
  }

  private static AsyncContext exchange() {
    AsyncContext exchange = mock(AsyncContext.class);
    ServletRequest request = mock(ServletRequest.class);
    when(request.isAsyncStarted()).thenReturn(true);
    when(exchange.getRequest()).thenReturn(request);
    doAnswer(
            call -> {
              call.<Runnable>getArgument(0).run();
              return null;
            })
        .when(exchange)
        .start(any());
    return exchange;
  }

  private static AsyncListener listener(AsyncContext exchange) {
    ArgumentCaptor<AsyncListener> listener = ArgumentCaptor.forClass(AsyncListener.class);
    verify(exchange).addListener(listener.capture());
    return listener.getValue();
  }

  @Test
  @Tag("T82")
  void an_exchange_ends_in_the_very_instant_and_a_step_of_the_wall_clock_is_noticed() {
    AsyncContext first = exchange();
    AsyncContext second = exchange();
    Instant end = Trial.NOW.plusSeconds(3600);
    expiries.add(second, end.plusNanos(1));
    expiries.add(first, end);
    now.set(end.minusNanos(1));
    verify(first, after(1500).never()).complete();
    now.set(end);
    verify(first, timeout(PATIENCE)).complete();
    verify(second, never()).complete();
    now.set(end.plusNanos(1));
    verify(second, timeout(PATIENCE)).complete();
    assertThat(expiries.size()).isZero();
  }

  @Test
  void an_earlier_end_is_not_held_up_by_a_later_one() {
    AsyncContext later = exchange();
    AsyncContext past = exchange();
    expiries.add(later, Trial.NOW.plusSeconds(3600));
    expiries.add(past, Trial.NOW.minusSeconds(1));
    verify(past, timeout(PATIENCE)).complete();
    verify(later, never()).complete();
  }

  @Test
  void what_cannot_be_completed_now_is_tried_again_until_it_can() throws Exception {
    AsyncContext exchange = exchange();
    doThrow(new IllegalStateException("dispatched"))
        .doThrow(new IllegalStateException("dispatched"))
        .doAnswer(call -> null)
        .when(exchange)
        .complete();
    expiries.add(exchange, Trial.NOW);
    verify(exchange, timeout(PATIENCE)).complete();
    moveOnUntil(exchange, 3);
    assertThat(expiries.size()).isZero();
  }

  private void moveOnUntil(AsyncContext exchange, int attempts) {
    for (int attempt = 2; attempt <= attempts; attempt++) {
      now.updateAndGet(time -> time.plusSeconds(1));
      verify(exchange, timeout(PATIENCE).times(attempt)).complete();
    }
  }

  @Test
  void what_the_container_says_is_over_is_not_tried_again() throws Exception {
    AsyncContext exchange = exchange();
    doThrow(new IllegalStateException("dispatched")).when(exchange).complete();
    expiries.add(exchange, Trial.NOW);
    verify(exchange, timeout(PATIENCE)).complete();
    listener(exchange).onComplete(new AsyncEvent(exchange));
    now.set(Trial.NOW.plusSeconds(10));
    verify(exchange, after(1500).times(1)).complete();
    assertThat(expiries.size()).isZero();
  }

  @Test
  void an_exchange_that_is_over_is_held_no_longer() throws Exception {
    AsyncContext exchange = exchange();
    expiries.add(exchange, Trial.NOW.plusSeconds(3600));
    assertThat(expiries.size()).isEqualTo(1);
    listener(exchange).onTimeout(new AsyncEvent(exchange));
    listener(exchange).onError(new AsyncEvent(exchange));
    assertThat(expiries.size()).as("the container says when it is over").isEqualTo(1);
    listener(exchange).onComplete(new AsyncEvent(exchange));
    assertThat(expiries.size()).isZero();
  }

  @Test
  void an_exchange_that_is_over_before_it_is_waited_for_is_not_held() {
    AsyncContext exchange = exchange();
    doAnswer(
            call -> {
              call.<AsyncListener>getArgument(0).onComplete(new AsyncEvent(exchange));
              return null;
            })
        .when(exchange)
        .addListener(any());
    expiries.add(exchange, Trial.NOW.plusSeconds(3600));
    assertThat(expiries.size()).isZero();
  }

  @Test
  void an_exchange_that_takes_no_listener_is_not_held() {
    AsyncContext exchange = exchange();
    doThrow(new IllegalStateException("over")).when(exchange).addListener(any());
    assertThatThrownBy(() -> expiries.add(exchange, Trial.NOW.plusSeconds(3600)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("over");
    assertThat(expiries.size()).isZero();
  }

  @Test
  void a_new_cycle_of_an_exchange_is_ended_in_place_of_the_old() throws Exception {
    AsyncContext old = exchange();
    AsyncContext anew = exchange();
    Instant end = Trial.NOW.plusSeconds(3600);
    expiries.add(old, end);
    AsyncEvent event = mock(AsyncEvent.class);
    when(event.getAsyncContext()).thenReturn(anew);
    listener(old).onStartAsync(event);
    assertThat(listener(anew)).isSameAs(listener(old));
    now.set(end);
    verify(anew, timeout(PATIENCE)).complete();
    verify(old, never()).complete();
  }

  @Test
  void a_new_cycle_is_ended_though_the_container_told_of_an_end_before() throws Exception {
    AsyncContext old = exchange();
    AsyncContext anew = exchange();
    expiries.add(old, Trial.NOW);
    verify(old, timeout(PATIENCE)).complete();
    listener(old).onComplete(new AsyncEvent(old));
    AsyncEvent event = mock(AsyncEvent.class);
    when(event.getAsyncContext()).thenReturn(anew);
    listener(old).onStartAsync(event);
    verify(anew, timeout(PATIENCE)).complete();
  }

  @Test
  void an_exchange_that_is_dispatched_is_left_alone_until_it_is_not() {
    AsyncContext exchange = exchange();
    when(exchange.getRequest().isAsyncStarted()).thenReturn(false);
    expiries.add(exchange, Trial.NOW);
    verify(exchange, timeout(PATIENCE)).start(any());
    verify(exchange, never()).complete();
    when(exchange.getRequest().isAsyncStarted()).thenReturn(true);
    now.set(Trial.NOW.plusSeconds(1));
    verify(exchange, timeout(PATIENCE)).complete();
  }

  @Test
  @Tag("T59")
  void close_ends_every_exchange_and_what_comes_after_ends_at_once() {
    AsyncContext before = exchange();
    AsyncContext stuck = exchange();
    doThrow(new IllegalStateException("stopping")).when(stuck).start(any());
    expiries.add(before, Trial.NOW.plusSeconds(3600));
    expiries.add(stuck, Trial.NOW.plusSeconds(3600));
    expiries.close();
    verify(before).complete();
    AsyncContext after = exchange();
    expiries.add(after, Trial.NOW.plusSeconds(3600));
    verify(after).complete();
    assertThat(expiries.size()).isZero();
  }

  @Test
  @Tag("T83")
  void the_thread_outlives_an_interrupt_by_a_stranger() {
    AsyncContext exchange = exchange();
    Instant end = Trial.NOW.plusSeconds(3600);
    expiries.add(exchange, end);
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(Expiries.THREAD))
        .forEach(Thread::interrupt);
    now.set(end);
    verify(exchange, timeout(PATIENCE)).complete();
  }
}
