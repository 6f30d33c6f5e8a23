package dev.plimsoll.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Options that are built by calls instead of annotations.
///
/// Annotations say the same, but Java makes a class for each kind of annotation that is looked at,
/// and picocli looks at all of them: at the start of `plimsoll run` that took longer than all else
/// that the program does before it tells Python what to do. Commands that nobody waits for have
/// annotations.
public final class Options {
  /// How the label ends of what takes pytest's options along.
  public static final String PYTEST = "-- ARGS";

  private Options() {}

  /// An option with a value.
  ///
  /// @param kind what it is given as, such as `String` or `Path`
  /// @param to takes the value when the option is given
  public static <T> OptionSpec value(
      Class<T> kind, Consumer<T> to, String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(kind)
        .paramLabel(label)
        .description(description)
        .setter(setter(kind, to))
        .build();
  }

  /// An option with a text.
  public static OptionSpec text(
      Consumer<String> to, String label, String description, String... names) {
    return value(String.class, to, label, description, names);
  }

  /// An option without a value.
  public static OptionSpec flag(Consumer<Boolean> to, String description, String... names) {
    return OptionSpec.builder(names)
        .type(boolean.class)
        .description(description)
        .setter(setter(Boolean.class, to))
        .build();
  }

  /// An option that may be given several times; ask it with {@link #texts(ArgSpec)}.
  public static OptionSpec texts(String label, String description, String... names) {
    return OptionSpec.builder(names)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .paramLabel(label)
        .description(description)
        .build();
  }

  /// The positional parameters; read them with {@link #texts(ArgSpec)}.
  public static PositionalParamSpec rest(String label, String description) {
    return PositionalParamSpec.builder()
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("0..*")
        .paramLabel(label)
        .description(description)
        .build();
  }

  /// The values of an argument that may be repeated.
  public static List<String> texts(ArgSpec argument) {
    List<String> texts = argument.getValue();
    return texts == null ? List.of() : texts;
  }

  /// The options that every command has.
  public static void addHelp(CommandSpec spec) {
    spec.versionProvider(new Version())
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build())
        .addOption(
            OptionSpec.builder("-V", "--version")
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
  }

  private static <V> ISetter setter(Class<V> kind, Consumer<V> to) {
    return new ISetter() {
      // picocli also sets what is there before the command line is read.
      @Override
      public <T> T set(T value) {
        if (value != null) {
          to.accept(kind.cast(value));
        }
        return value;
      }
    };
  }
}
