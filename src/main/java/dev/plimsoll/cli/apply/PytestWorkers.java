package dev.plimsoll.cli.apply;

import dev.plimsoll.apply.Applied;
import dev.plimsoll.apply.PlainPytest;
import dev.plimsoll.apply.PytestFile;
import dev.plimsoll.apply.Unreadable;
import dev.plimsoll.config.TomlCheck;
import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Plans the `-n` in pytest's own configuration, where a project uses pytest-xdist.
///
/// One number serves every plain `pytest`, whatever tests it runs, all groups mixed. Only the
/// lowest of the groups' numbers was seen to be stable for every test; each group's own number is
/// in the commands of the README and the script, which override it.
final class PytestWorkers {
  private static final List<List<String>> ADDOPTS =
      List.of(
          List.of("tool", "pytest", "ini_options", "addopts"),
          List.of("tool", "pytest", "addopts"),
          List.of("pytest", "addopts"));

  private final Path root;
  private final Drafts drafts;
  private final Consumer<String> messages;

  PytestWorkers(Path root, Drafts drafts, Consumer<String> messages) {
    this.root = root;
    this.drafts = drafts;
    this.messages = messages;
  }

  /// Plan the edit.
  ///
  /// @param groups the groups with a choice
  /// @param measured the same, as far as they were measured with pytest-xdist, with those numbers
  /// @return what a plain `pytest` uses then; empty when nothing is to be written
  Optional<PlainPytest> plan(List<Applied> groups, List<Applied> measured) {
    Optional<Path> file = used(root);
    Path target = file.orElseGet(this::fresh);
    String name = drafts.name(target);
    PytestFile pytest = read(target, file.isEmpty());
    boolean unused = guarded(target, pytest::workers).isEmpty() && measured.isEmpty();
    if (groups.isEmpty() || unused) {
      return Optional.empty();
    }
    Optional<String> refusal = refusal(file, pytest, name);
    if (refusal.isPresent()) {
      messages.accept(refusal.get());
      return Optional.empty();
    }
    if (measured.size() < groups.size()) {
      messages.accept(unmeasured(groups, measured, name));
      return Optional.empty();
    }
    Applied lowest = measured.stream().min(Comparator.comparingInt(Applied::workers)).orElseThrow();
    write(target, pytest, lowest.workers());
    return Optional.of(new PlainPytest(lowest.workers(), name, lowest.name()));
  }

  private Optional<String> refusal(Optional<Path> file, PytestFile pytest, String name) {
    if (pytest.isOff()) {
      return Optional.of(name + ": not changed, because its addopts disable pytest-xdist");
    }
    Optional<Path> above = file.isPresent() ? Optional.empty() : above();
    return above.map(path ->
        "no `-n` written: pytest reads "
            + path
            + ", which is outside the project, and a"
            + " file inside the project would replace it");
  }

  private static String unmeasured(List<Applied> groups, List<Applied> measured, String name) {
    var known = measured.stream().map(Applied::name).toList();
    String others =
        groups.stream()
            .map(Applied::name)
            .filter(group -> !known.contains(group))
            .collect(Collectors.joining(", "));
    return "warning: `-n` in %s stays as it is, because it was not measured with pytest-xdist: %s; run `plimsoll calibrate --engine xdist`"
        .formatted(name, others);
  }

  private void write(Path file, PytestFile pytest, int workers) {
    String before = drafts.text(file).orElse("");
    String after = guarded(file, () -> pytest.withWorkers(workers));
    boolean toml = file.toString().endsWith(".toml");
    if (toml
        && ADDOPTS.stream().noneMatch(p -> TomlCheck.differOnlyAt(before, after, List.of(p)))) {
      throw unreadable(file, "the edit would change more than `addopts`");
    }
    drafts.put(file, after);
  }

  /// The file of a folder that pytest reads.
  private Optional<Path> used(Path folder) {
    for (String name : PytestFile.NAMES) {
      Path file = folder.resolve(name);
      boolean used =
          drafts
              .text(file)
              .flatMap(text -> guarded(file, () -> PytestFile.of(name, text)))
              .isPresent();
      if (used) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /// A file above the project that pytest would read for want of one in it.
  private Optional<Path> above() {
    for (Path folder = root.getParent(); folder != null; folder = folder.getParent()) {
      Optional<Path> file = used(folder);
      if (file.isPresent()) {
        return file;
      }
    }
    return Optional.empty();
  }

  private Path fresh() {
    Path shared = root.resolve("pyproject.toml");
    return drafts.text(shared).isPresent() ? shared : root.resolve("pytest.ini");
  }

  private PytestFile read(Path file, boolean fresh) {
    String name = String.valueOf(file.getFileName());
    String text = drafts.text(file).orElse("");
    return fresh
        ? PytestFile.fresh(name, text)
        : guarded(file, () -> PytestFile.of(name, text)).orElseThrow();
  }

  private <T> T guarded(Path file, java.util.function.Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Unreadable e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private UserError unreadable(Path file, String why) {
    return new UserError(
        "`" + drafts.name(file) + "` cannot be edited",
        why + "; Plimsoll wrote no files",
        "repair the file, or skip it with `--skip pytest`",
        ExitCode.CONFIG);
  }
}
