import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Give the classes of a jar that were compiled for Java 5 stack maps, and the class version that
/// goes with them: Java's AOT cache leaves classes without stack maps out, because only the old
/// verifier can check them. picocli's 228 classes are such, and loading them was half of the
/// program's start.
///
/// usage: java FastStart.java JAR
void main(String[] args) throws IOException {
  var from = Path.of(args[0]);
  var part = Path.of(args[0] + ".part");
  try (var loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
      var in = new ZipFile(from.toFile());
      var out = new ZipOutputStream(Files.newOutputStream(part))) {
    var resolver =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    var classFile =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS, ClassHierarchyResolverOption.of(resolver));
    for (var entry : Collections.list(in.entries())) {
      byte[] bytes = in.getInputStream(entry).readAllBytes();
      var copy = new ZipEntry(entry.getName());
      copy.setTime(entry.getTime());
      out.putNextEntry(copy);
      out.write(entry.getName().endsWith(".class") ? fast(classFile, bytes) : bytes);
      out.closeEntry();
    }
  }
  Files.move(part, from, StandardCopyOption.ATOMIC_MOVE);
}

byte[] fast(ClassFile classFile, byte[] bytes) {
  ClassModel model = classFile.parse(bytes);
  return model.majorVersion() < ClassFile.JAVA_7_VERSION
      ? classFile.transformClass(model, withStackMaps())
      : bytes;
}

ClassTransform withStackMaps() {
  var code = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
  return code.andThen(
      (builder, element) -> {
        if (element instanceof ClassFileVersion) {
          builder.withVersion(ClassFile.JAVA_7_VERSION, 0);
        } else {
          builder.with(element);
        }
      });
}
