package dev.plimsoll.memory.containment;

import dev.plimsoll.memory.CgroupDir;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.model.ProcessKey;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The ways to have the kernel enforce limits that are known, best first.
public final class ContainmentLadder {
  /// A scope of the user's systemd, handed over with its control group (version 2).
  public static final ContainmentMethod DELEGATED_V2 = new DelegatedScope();

  /// A version 2 hierarchy that this user may write to.
  public static final ContainmentMethod WRITABLE_V2 = new WritableV2();

  /// A version 1 memory hierarchy that this user may write to.
  public static final ContainmentMethod WRITABLE_V1 = new WritableV1();

  /// Polling only.
  public static final ContainmentMethod NONE = new None();

  /// Those that enforce limits, in the order in which they are tried.
  static final List<ContainmentMethod> METHODS = List.of(DELEGATED_V2, WRITABLE_V2, WRITABLE_V1);

  private ContainmentLadder() {}

  /// The method with this {@linkplain ContainmentMethod#id() name}.
  static Optional<ContainmentMethod> find(String id) {
    return Stream.concat(METHODS.stream(), Stream.of(NONE))
        .filter(method -> method.id().equals(id))
        .findFirst();
  }

  /// Looks at memory and enforces nothing.
  private record None() implements ContainmentMethod {
    @Override
    public String id() {
      return "NONE";
    }

    @Override
    public String words() {
      return "none: the kernel does not enforce limits here";
    }

    @Override
    public Optional<String> obstacle(SystemRoot root, CgroupDir own) {
      return Optional.empty();
    }

    @Override
    public Optional<RunCgroup> open(
        SystemRoot root, ProcessKey owner, long host, Predicate<ProcessKey> isAlive) {
      return Optional.empty();
    }
  }
}
