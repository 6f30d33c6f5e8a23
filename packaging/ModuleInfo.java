import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/// Print the module descriptor of the program's jar.
///
/// A named module does not read `META-INF/services`: its descriptor has to say what it provides and what it looks up. Both
/// are taken from the jar: `provides` from the merged service files, `uses` from them and from the calls of
/// `ServiceLoader.load` in its classes. Services of modules that the program does not require are left out.
///
/// usage: java ModuleInfo.java JAR MODULES, where MODULES is what `jdeps --print-module-deps` prints
void main(String[] args) throws IOException {
  List<String> required = List.of(args[1].split(","));
  try (var jar = new ZipFile(args[0])) {
    var types = new Types(jar, required);
    SortedMap<String, List<String>> provided = provided(jar);
    var used = new TreeSet<>(provided.keySet());
    used.addAll(lookedUp(jar));
    IO.println("module plimsoll {");
    required.forEach(module -> IO.println("  requires " + module + ";"));
    used.stream().filter(types::visible).forEach(service -> IO.println("  uses " + service + ";"));
    provided.forEach((service, providers) -> {
      if (types.visible(service)) {
        IO.println("  provides " + service + " with " + String.join(", ", providers) + ";");
      }
    });
    IO.println("}");
  }
}

/// Which types the module can name.
record Types(ZipFile jar, Set<String> modules) {
  Types(ZipFile jar, List<String> required) {
    this(
        jar,
        Configuration.empty()
            .resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), required)
            .modules()
            .stream()
            .map(ResolvedModule::name)
            .collect(Collectors.toSet()));
  }

  boolean visible(String type) {
    if (jar.getEntry(type.replace('.', '/') + ".class") != null) {
      return true;
    }
    try {
      String module = Class.forName(type, false, ClassLoader.getPlatformClassLoader()).getModule().getName();
      return module != null && modules.contains(module);
    } catch (ClassNotFoundException notThere) {
      return false;
    }
  }
}

SortedMap<String, List<String>> provided(ZipFile jar) throws IOException {
  String folder = "META-INF/services/";
  var provided = new TreeMap<String, List<String>>();
  for (var entry : Collections.list(jar.entries())) {
    if (entry.getName().startsWith(folder) && !entry.isDirectory()) {
      var text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      List<String> providers =
          text.lines()
              .map(line -> line.replaceFirst("#.*", "").strip())
              .filter(line -> !line.isEmpty())
              .distinct()
              .toList();
      provided.put(entry.getName().substring(folder.length()), providers);
    }
  }
  return provided;
}

/// The services that the classes look up.
SortedSet<String> lookedUp(ZipFile jar) throws IOException {
  var found = new TreeSet<String>();
  for (var entry : Collections.list(jar.entries())) {
    if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
      lookedUp(ClassFile.of().parse(jar.getInputStream(entry).readAllBytes()), found);
    }
  }
  return found;
}

void lookedUp(ClassModel type, SortedSet<String> found) {
  for (var method : type.methods()) {
    String constant = "";
    for (CodeElement element : method.code().map(code -> code.elementList()).orElse(List.of())) {
      if (element instanceof ConstantInstruction load && load.constantValue() instanceof ClassDesc named) {
        constant = named.isClassOrInterface() ? named.packageName() + "." + named.displayName() : "";
      } else if (element instanceof InvokeInstruction call
          && call.owner().asInternalName().equals("java/util/ServiceLoader")
          && call.name().stringValue().startsWith("load")
          && !constant.isEmpty()) {
        found.add(constant);
      }
    }
  }
}
