package dev.plimsoll.engine;

import java.util.concurrent.CompletableFuture;

/// A line that anybody may pull once to end what is running, saying why.
public final class Halt {
  private final CompletableFuture<String> pulled = new CompletableFuture<>();

  /// End what is running; only the first reason counts.
  public void pull(String reason) {
    pulled.complete(reason);
  }

  public boolean isPulled() {
    return pulled.isDone();
  }

  /// Why it was pulled, empty when it was not.
  public String reason() {
    return pulled.getNow("");
  }

  /// Completed with the reason.
  public CompletableFuture<String> onPull() {
    return pulled.copy();
  }
}
