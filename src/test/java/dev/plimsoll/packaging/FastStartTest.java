package dev.plimsoll.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The step of the build that takes out of classes what Java would have to make at a start.
class FastStartTest {
  private static final Path TOOL = Path.of("bin/lib/FastStart.java").toAbsolutePath();

  private static final String SAMPLE =
      """
      import java.util.*;

      public class Sample {
        sealed interface Shape {
          record Circle(double radius) implements Shape {}

          record Box(int width, long height, String name) implements Shape {
            String kind() { return name == null ? "unnamed" : name; }
          }

          record Empty() implements Shape {}

          static String told(Shape shape) {
            return switch (shape) {
              case null -> "null";
              case Circle c when c.radius() > 10 -> "large circle";
              case Circle(double radius) -> "circle " + radius;
              case Box b when b.width() == 1 -> "thin " + b.kind();
              case Box b -> b.kind();
              case Empty e -> "empty";
            };
          }
        }

        record All(boolean z, byte b, char c, short s, int i, long j, float f, double d, Object o, int[] a) {}

        record Own(int value) {
          @Override public boolean equals(Object other) { return other instanceof Own; }
          @Override public int hashCode() { return 7; }
        }

        enum Color { RED, GREEN }

        static String mixed(Object o) {
          return switch (o) {
            case Color c when c == Color.RED -> "red";
            case String s -> "text " + s.length();
            case Integer i when i > 5 -> "large";
            case Integer i -> "small";
            case Color c -> "colour";
            default -> "else";
          };
        }

        public static void main(String[] args) {
          var shapes = Arrays.asList(new Shape.Circle(11), new Shape.Circle(1), new Shape.Box(1, 2, null),
              new Shape.Box(2, 2, "box"), new Shape.Empty(), null);
          shapes.forEach(shape -> System.out.println(Shape.told(shape)));
          for (Object o : new Object[] {Color.RED, Color.GREEN, "abc", 6, 5, 1.0, 'x'}) {
            System.out.println(mixed(o));
          }
          try {
            mixed(null);
          } catch (NullPointerException e) {
            System.out.println("no null");
          }
          int[] array = {1};
          var all = List.of(
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "o", array),
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, new String("o"), array),
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, "o", new int[] {1}),
              new All(false, (byte) 1, 'c', (short) 2, 3, 4L, 5f, 6d, null, array),
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, -0.0, null, null),
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 0.0, null, null),
              new All(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 0.0, null, null));
          for (All a : all) {
            for (All b : all) {
              System.out.print(a.equals(b) + " ");
            }
            System.out.println(a.a() == null ? a.hashCode() + " " + a : "");
          }
          System.out.println(all.getFirst().equals(null) + " " + all.getFirst().equals("x"));
          System.out.println(all.get(0).hashCode() == all.get(1).hashCode());
          System.out.println(new Shape.Empty().equals(new Shape.Empty()) + " " + new Shape.Empty().hashCode());
          System.out.println(new Own(1).equals(new Own(2)) + " " + new Own(3).hashCode());
        }
      }
      """;

  @TempDir private Path folder;

  private String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private long madeAtTheStart(List<String> logged) throws IOException, InterruptedException {
    return run(logged).lines().filter(line -> line.contains("TypeSwitch")).count();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private Path jar() throws IOException {
    Path source = Files.writeString(folder.resolve("Sample.java"), SAMPLE);
    Path classes = Files.createDirectory(folder.resolve("classes"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, "-d", classes.toString(), source.toString()))
        .isZero();
    Path jar = folder.resolve("sample.jar");
    var fileSystems =
        java.nio.file.FileSystems.newFileSystem(
            URI.create("jar:" + jar.toUri()), Map.of("create", "true"));
    try (fileSystems;
        Stream<Path> files = Files.list(classes)) {
      for (Path file : files.toList()) {
        Files.copy(file, fileSystems.getPath("/" + file.getFileName()));
      }
      Files.writeString(fileSystems.getPath("/a.txt"), "kept");
    }
    return jar;
  }

  @Test
  void classesDoTheSameWithoutClassesThatAreMadeAtTheStart() throws Exception {
    Path jar = jar();
    List<String> sample = List.of(java(), "-cp", jar.toString(), "Sample");
    List<String> logged = List.of(java(), "-Xlog:class+load", "-cp", jar.toString(), "Sample");
    String before = run(sample);
    assertThat(before).contains("thin unnamed", "large circle", "no null", "true true false false");
    assertThat(madeAtTheStart(logged)).isPositive();

    run(List.of(java(), TOOL.toString(), jar.toString()));

    assertThat(run(sample)).isEqualTo(before);
    assertThat(madeAtTheStart(logged)).isZero();
    try (var zip = new java.util.zip.ZipFile(jar.toFile())) {
      assertThat(
              new String(
                  zip.getInputStream(zip.getEntry("a.txt")).readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("kept");
    }
    assertThat(folder.resolve("sample.jar.part")).doesNotExist();
  }
}
