package dev.plimsoll.ui;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/// Calls back on a signal, instead of Java's default action.
///
/// The JDK's only way to see a signal without ending is `sun.misc.Signal` (module jdk.unsupported),
/// which the compiler warns about; so it is reached by reflection. A runtime of Java without that
/// module cannot run Plimsoll: Ctrl-C would end it without a summary.
public final class SignalHandlers {
  private SignalHandlers() {}

  /// Stop this process until it gets `SIGCONT`. The JDK cannot raise `SIGSTOP`.
  public static void stopSelf() {
    try {
      new ProcessBuilder("kill", "-STOP", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      return; // it cannot be stopped without that program
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Call an action whenever a signal comes.
  ///
  /// @param name without `SIG`, such as `INT`
  /// @param action runs on a thread of its own for each signal
  public static void on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, args) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                }
                return method.getName().equals("hashCode") ? System.identityHashCode(self) : null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (InvocationTargetException e) {
      return; // the JVM keeps the signal to itself, as with `-Xrs`
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("this Java has no module jdk.unsupported", e);
    }
  }
}
