import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Make the classes of a jar start faster and do the same.
///
/// Classes that were compiled for Java 5 get stack maps, and the class version that goes with them:
/// Java's AOT cache leaves classes without stack maps out, because only the old verifier can check
/// them. picocli's 228 classes are such, and loading them was half of the program's start.
///
/// What the compiler leaves to Java to make at its first use, as hidden classes that no cache keeps,
/// becomes a method: a `switch` over the types of sealed classes, and a record's `equals` and
/// `hashCode`. The first of each kind costs a process 20 ms, each further one or two.
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
  if (model.majorVersion() < ClassFile.JAVA_7_VERSION) {
    return classFile.transformClass(model, withStackMaps());
  }
  boolean any =
      model.methods().stream()
          .flatMap(method -> method.code().stream().flatMap(code -> code.elementStream()))
          .anyMatch(element -> made(element).isPresent());
  return any ? classFile.transformClass(model, withMethods(model)) : bytes;
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

ClassTransform withMethods(ClassModel model) {
  ClassDesc owner = model.thisClass().asSymbol();
  boolean isInterface = (model.flags().flagsMask() & ClassFile.ACC_INTERFACE) != 0;
  var methods = new ArrayList<Made>();
  var code =
      ClassTransform.transformingMethodBodies(
          (builder, element) -> {
            Optional<Made> made = made(element);
            if (made.isEmpty()) {
              builder.with(element);
            } else {
              String name = "made$" + methods.size();
              builder.invokestatic(owner, name, made.get().type(), isInterface);
              methods.add(made.get());
            }
          });
  return code.andThen(
      ClassTransform.endHandler(
          builder -> {
            for (int i = 0; i < methods.size(); i++) {
              Made method = methods.get(i);
              int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;
              builder.withMethodBody("made$" + i, method.type(), flags, method::write);
            }
          }));
}

/// The method in place of an `invokedynamic`.
sealed interface Made {
  MethodTypeDesc type();

  void write(CodeBuilder code);
}

Optional<Made> made(Object element) {
  if (!(element instanceof InvokeDynamicInstruction call)) {
    return Optional.empty();
  }
  var bootstrap = call.bootstrapMethod();
  String asked = bootstrap.owner().displayName() + "." + bootstrap.methodName();
  var arguments = call.bootstrapArgs();
  if (asked.equals("SwitchBootstraps.typeSwitch") && arguments.stream().allMatch(ClassDesc.class::isInstance)) {
    return Optional.of(
        new TypeSwitch(call.typeSymbol(), arguments.stream().map(ClassDesc.class::cast).toList()));
  }
  if (asked.equals("ObjectMethods.bootstrap") && !call.name().equalsString("toString")) {
    var owner = (ClassDesc) arguments.get(0);
    var fields =
        arguments.stream()
            .skip(2)
            .map(DirectMethodHandleDesc.class::cast)
            .map(getter -> new Field(owner, getter.methodName(), getter.invocationType().returnType()))
            .toList();
    return Optional.of(
        call.name().equalsString("equals")
            ? new RecordEquals(call.typeSymbol(), owner, fields)
            : new RecordHash(call.typeSymbol(), fields));
  }
  return Optional.empty();
}

/// `java.lang.runtime.SwitchBootstraps.typeSwitch` with nothing but classes for labels.
///
/// @param type `(T, int)int`: the value and the label to start from; -1 for null, the number of
///   labels for none
record TypeSwitch(MethodTypeDesc type, List<ClassDesc> labels) implements Made {
  @Override
  public void write(CodeBuilder code) {
    code.aload(0).ifThen(Opcode.IFNULL, block -> block.iconst_m1().ireturn());
    for (int i = 0; i < labels.size(); i++) {
      var next = code.newLabel();
      code.iload(1).loadConstant(i).if_icmpgt(next);
      code.aload(0).instanceOf(labels.get(i)).ifeq(next);
      code.loadConstant(i).ireturn();
      code.labelBinding(next);
    }
    code.loadConstant(labels.size()).ireturn();
  }
}

/// A component of a record.
record Field(ClassDesc owner, String name, ClassDesc type) {
  void load(CodeBuilder code, int local) {
    code.aload(local).getfield(owner, name, type);
  }

  /// The class whose static methods compare and hash values of this type, boxed or not.
  ClassDesc helper() {
    return switch (type.descriptorString()) {
      case "Z" -> ConstantDescs.CD_Boolean;
      case "B" -> ConstantDescs.CD_Byte;
      case "C" -> ConstantDescs.CD_Character;
      case "S" -> ConstantDescs.CD_Short;
      case "I" -> ConstantDescs.CD_Integer;
      case "J" -> ConstantDescs.CD_Long;
      case "F" -> ConstantDescs.CD_Float;
      case "D" -> ConstantDescs.CD_Double;
      default -> ClassDesc.of("java.util.Objects");
    };
  }

  /// What their parameters are.
  ClassDesc parameter() {
    return type.isPrimitive() ? type : ConstantDescs.CD_Object;
  }
}

/// A record's `equals`, by `compare` of primitives and `equals` of all else (java.lang.Record).
record RecordEquals(MethodTypeDesc type, ClassDesc owner, List<Field> fields) implements Made {
  @Override
  public void write(CodeBuilder code) {
    var differ = code.newLabel();
    code.aload(1).instanceOf(owner).ifeq(differ);
    code.aload(1).checkcast(owner).astore(2);
    for (Field field : fields) {
      field.load(code, 0);
      field.load(code, 2);
      if (field.type().isPrimitive()) {
        var compare = MethodTypeDesc.of(ConstantDescs.CD_int, field.type(), field.type());
        code.invokestatic(field.helper(), "compare", compare).ifne(differ);
      } else {
        var equals =
            MethodTypeDesc.of(ConstantDescs.CD_boolean, ConstantDescs.CD_Object, ConstantDescs.CD_Object);
        code.invokestatic(field.helper(), "equals", equals).ifeq(differ);
      }
    }
    code.iconst_1().ireturn();
    code.labelBinding(differ);
    code.iconst_0().ireturn();
  }
}

/// A record's `hashCode`, which is 31 times that of the components so far and that of the next, as
/// Java makes it.
record RecordHash(MethodTypeDesc type, List<Field> fields) implements Made {
  @Override
  public void write(CodeBuilder code) {
    code.iconst_0().istore(1);
    for (Field field : fields) {
      code.iload(1).bipush(31).imul();
      field.load(code, 0);
      code.invokestatic(
          field.helper(), "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, field.parameter()));
      code.iadd().istore(1);
    }
    code.iload(1).ireturn();
  }
}
