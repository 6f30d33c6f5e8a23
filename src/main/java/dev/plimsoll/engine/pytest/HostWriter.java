package dev.plimsoll.engine.pytest;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Write a command as one line of the host protocol.
final class HostWriter {
  private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

  private HostWriter() {}

  static String line(HostCommand command) throws IOException {
    return WRITER.asString(fields(command)) + "\n";
  }

  private static Map<String, @Nullable Object> fields(HostCommand command) {
    var line = new Line();
    return switch (command) {
      case HostCommand.Start(int worker, int count, boolean isolated) ->
          line.type("start").worker(worker).with("count", count).with("isolated", isolated);
      case HostCommand.Run(int worker, List<Integer> items, List<Integer> repeat) ->
          line.type("run").worker(worker).with("items", items).with("repeat", repeat);
      case HostCommand.Drop(int worker) -> line.type("drop").worker(worker);
      case HostCommand.Retire(int worker) -> line.type("retire").worker(worker);
      case HostCommand.Kill(int worker, int item, int signal) ->
          line.type("kill").worker(worker).item(item).with("signal", signal);
      case HostCommand.Dump(int worker, int item, String text) ->
          line.type("dump").worker(worker).item(item).with("text", text);
      case HostCommand.Spawn() -> line.type("spawn");
      case HostCommand.Crashed(int worker, int item, String text) ->
          line.type("crashed").worker(worker).item(item).with("text", text);
      case HostCommand.Finish() -> line.type("finish");
      case HostCommand.Abort(String reason) -> line.type("abort").with("reason", reason);
    };
  }

  /// The fields of a line in the order in which they are added.
  private static final class Line extends LinkedHashMap<String, @Nullable Object> {
    Line type(String type) {
      return with("type", type);
    }

    Line worker(int worker) {
      return with("worker", WorkerName.of(worker));
    }

    Line item(int item) {
      return with("item", item == HostMessage.NONE ? null : item);
    }

    Line with(String key, @Nullable Object value) {
      put(key, value);
      return this;
    }
  }
}
