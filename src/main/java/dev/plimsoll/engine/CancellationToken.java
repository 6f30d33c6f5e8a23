package dev.plimsoll.engine;

import java.util.concurrent.CompletableFuture;

/// A line that anybody may pull to end what is running, saying why.
///
/// {@link #pull} ends it now. {@link #ask} lets it end in order first, as Ctrl-C does in a
/// terminal; asked a second time it ends now.
public final class CancellationToken {
  private final CompletableFuture<String> pulled = new CompletableFuture<>();
  private final CompletableFuture<String> hurried = new CompletableFuture<>();

  /// End what is running at once; only the first reason counts.
  public void pull(String reason) {
    pulled.complete(reason);
    hurried.complete(reason);
  }

  /// End what is running in order; a second call ends it at once.
  public void ask(String reason) {
    if (!pulled.complete(reason)) {
      hurried.complete(reason);
    }
  }

  /// A line of its own that is also pulled whenever this one is.
  public CancellationToken branch() {
    var branch = new CancellationToken();
    var _ = onPull().thenAccept(branch::ask);
    var _ = onHurry().thenAccept(branch::pull);
    return branch;
  }

  public boolean isPulled() {
    return pulled.isDone();
  }

  /// Why it was pulled, empty when it was not.
  public String reason() {
    return pulled.getNow("");
  }

  /// Completed with the reason when it is to end, in order or at once.
  public CompletableFuture<String> onPull() {
    return pulled.copy();
  }

  /// Completed when it is to end at once.
  public CompletableFuture<String> onHurry() {
    return hurried.copy();
  }
}
