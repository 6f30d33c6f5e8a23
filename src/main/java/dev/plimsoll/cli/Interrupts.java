package dev.plimsoll.cli;

import java.lang.reflect.Proxy;

/// Calls back when the user presses Ctrl-C or the process is told to end, instead of ending at
/// once.
///
/// The JDK's only way to see SIGINT without ending is `sun.misc.Signal` (module jdk.unsupported),
/// which the compiler warns about; so it is reached by reflection. Where it is missing, Java ends
/// as usual and the host ends with it.
public final class Interrupts {
  private Interrupts() {}

  public static void call(Runnable action) {
    for (String name : new String[] {"INT", "TERM"}) {
      install(name, action);
    }
  }

  private static void install(String name, Runnable action) {
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
    } catch (ReflectiveOperationException e) {
      return;
    }
  }
}
