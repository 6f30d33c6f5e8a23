package dev.plimsoll.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassTransform;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The step of the build that gives old classes stack maps.
class FastStartTest {
  private static final Path TOOL = Path.of("bin/lib/FastStart.java").toAbsolutePath();
  private static final int JAVA_5 = 49;

  private static final String SAMPLE =
      """
      public class Sample {
        public static void main(String[] args) {
          Object kept = null;
          for (int i = 0; i < 3; i++) {
            kept = i % 2 == 0 ? Integer.valueOf(i) : (Object) "odd";
            System.out.println(kept);
          }
        }
      }
      """;

  @TempDir private Path folder;

  private String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /// The sample as a compiler for Java 5 leaves it.
  private byte[] old() throws IOException {
    Path source = Files.writeString(folder.resolve("Sample.java"), SAMPLE);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var options = List.of("-XDstringConcat=inline", "-d", folder.toString(), source.toString());
    assertThat(compiler.run(null, null, null, options.toArray(String[]::new))).isZero();
    var classFile = ClassFile.of(StackMapsOption.DROP_STACK_MAPS);
    var code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
    return classFile.transformClass(
        classFile.parse(folder.resolve("Sample.class")),
        code.andThen((builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(JAVA_5, 0);
          } else {
            builder.with(element);
          }
        }));
  }

  private Path jar() throws IOException {
    Path jar = folder.resolve("sample.jar");
    var fileSystems =
        java.nio.file.FileSystems.newFileSystem(
            URI.create("jar:" + jar.toUri()), Map.of("create", "true"));
    try (fileSystems) {
      Files.write(fileSystems.getPath("/Sample.class"), old());
      Files.copy(folder.resolve("Sample.class"), fileSystems.getPath("/New.class"));
      Files.writeString(fileSystems.getPath("/a.txt"), "kept");
    }
    return jar;
  }

  private static byte[] entry(Path jar, String name) throws IOException {
    try (var zip = new ZipFile(jar.toFile())) {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }
  }

  @Test
  void oldClassesGetStackMapsAndAllElseStays() throws Exception {
    Path jar = jar();
    assertThat(version(jar)).isEqualTo(JAVA_5);
    String before = run(java(), "-cp", jar.toString(), "Sample");
    assertThat(before.lines()).containsExactly("0", "odd", "2");

    run(java(), TOOL.toString(), jar.toString());

    assertThat(version(jar)).isEqualTo(ClassFile.JAVA_7_VERSION);
    // From Java 7 on a class without stack maps does not load.
    assertThat(run(java(), "-cp", jar.toString(), "Sample")).isEqualTo(before);
    assertThat(entry(jar, "New.class"))
        .isEqualTo(Files.readAllBytes(folder.resolve("Sample.class")));
    assertThat(entry(jar, "a.txt")).asString().isEqualTo("kept");
    assertThat(folder.resolve("sample.jar.part")).doesNotExist();
  }

  private static int version(Path jar) throws IOException {
    return ClassFile.of().parse(entry(jar, "Sample.class")).majorVersion();
  }
}
