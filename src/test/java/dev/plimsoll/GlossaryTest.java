package dev.plimsoll;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Keeps the names that docs/glossary.md retires out of the Java code.
class GlossaryTest {
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.plimsoll");

  @Test
  void noTypePackageFieldOrMethodHasARetiredName() throws IOException {
    var retired = retired();
    assertThat(retired).contains("Floor", "Session", "sightings");
    var used = new TreeSet<String>();
    for (JavaClass type : CLASSES) {
      names(type)
          .filter(retired::contains)
          .map(name -> name + " in " + type.getName())
          .forEach(used::add);
    }
    assertThat(used).isEmpty();
  }

  /// A name that two packages share must not be ambiguous where one of them uses the other.
  @Test
  void noSimpleNameAppearsTwiceInPackagesThatMeet() {
    var clashes = new TreeSet<String>();
    CLASSES.stream()
        .filter(JavaClass::isTopLevelClass)
        .filter(type -> !type.getSimpleName().equals("package-info"))
        .collect(Collectors.groupingBy(JavaClass::getSimpleName))
        .values()
        .stream()
        .filter(types -> types.size() > 1 && meet(types))
        .forEach(types -> clashes.add(types.toString()));
    assertThat(clashes).isEmpty();
  }

  /// Whether some class uses two of the types' packages, or lies in one of them and uses another.
  private static boolean meet(List<JavaClass> types) {
    var packages = types.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    return CLASSES.stream()
        .anyMatch(user -> packagesSeenBy(user).filter(packages::contains).count() > 1);
  }

  private static Stream<String> packagesSeenBy(JavaClass user) {
    var used =
        user.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getPackageName());
    return Stream.concat(Stream.of(user.getPackageName()), used).distinct();
  }

  private static Stream<String> names(JavaClass type) {
    var members = type.getMembers().stream().map(JavaMember::getName);
    var path = Arrays.stream(type.getPackageName().split("\\."));
    return Stream.of(Stream.of(type.getSimpleName()), path, members).flatMap(names -> names);
  }

  /// The first column of the table under "Retired names".
  private static Set<String> retired() throws IOException {
    String text = Files.readString(Path.of("docs/glossary.md"));
    return text.substring(text.indexOf("## Retired names"))
        .lines()
        .filter(line -> line.startsWith("| `") && !line.contains("(Python)"))
        .flatMap(line -> NAME.matcher(line.split("\\|", -1)[1]).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }
}
