package dev.plimsoll.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plimsoll.files.UserFolder;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.OtherRuns;
import dev.plimsoll.model.ProcessKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedBudgetTest {
  private static final ProcessKey A = new ProcessKey(100, 7);
  private static final ProcessKey B = new ProcessKey(200, 8);

  private final Set<ProcessKey> alive = new HashSet<>(Set.of(A, B));
  @TempDir private Path folder;

  private SharedBudget join(ProcessKey run) throws IOException {
    return SharedBudget.join(folder, run, alive::contains);
  }

  @Test
  void twoRunsNeverClaimMoreThanIsFree() throws IOException {
    try (var a = join(A);
        var b = join(B)) {
      assertThat(a.claim(Bytes.gib(3), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      assertThat(b.claim(Bytes.gib(2), Bytes.gib(4), Bytes.ZERO, true)).isFalse();
      assertThat(b.claim(Bytes.gib(1), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      assertThat(a.others().pending()).isEqualTo(Bytes.gib(1));
      assertThat(b.others().pending()).isEqualTo(Bytes.gib(3));
    }
  }

  @Test
  void whatARunHoldsIsKnownToTheOthersOnceItHasChangedEnough() throws IOException {
    try (var a = join(A);
        var b = join(B)) {
      a.holds(Bytes.gib(2));
      a.publish(Bytes.ZERO, false);
      assertThat(b.others()).isEqualTo(new OtherRuns(Bytes.gib(2), Bytes.ZERO));
      a.holds(Bytes.gib(2).plus(Bytes.mib(10)));
      a.publish(Bytes.ZERO, false);
      assertThat(b.others().held()).isEqualTo(Bytes.gib(2));
    }
    try (var b = join(B)) {
      assertThat(b.others()).isEqualTo(OtherRuns.NONE);
    }
  }

  @Test
  void aRunThatWaitsWithNothingRunningGoesFirst() throws IOException {
    try (var a = join(A);
        var b = join(B)) {
      assertThat(a.claim(Bytes.gib(3), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      assertThat(b.claim(Bytes.gib(2), Bytes.gib(4), Bytes.ZERO, true)).isFalse();
      a.publish(Bytes.gib(1), true);
      assertThat(a.claim(Bytes.mib(1500), Bytes.gib(4), Bytes.ZERO, false)).isFalse();
      assertThat(b.claim(Bytes.gib(2), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      assertThat(a.claim(Bytes.mib(1500), Bytes.gib(4), Bytes.ZERO, false)).isTrue();
    }
  }

  @Test
  void aRunWithNothingRunningWaitsWhileAnotherRunsAndElseGoesOnInAnyCase() throws IOException {
    try (var a = join(A);
        var b = join(B)) {
      assertThat(a.claim(Bytes.gib(9), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      a.publish(Bytes.ZERO, true);
      assertThat(b.claim(Bytes.gib(9), Bytes.gib(4), Bytes.ZERO, true)).isFalse();
      a.publish(Bytes.ZERO, false);
      assertThat(b.claim(Bytes.gib(9), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
    }
  }

  @Test
  void whatLeftTheLinesOfOthersSinceTheLastLookIsNotFree() throws IOException {
    try (var a = join(A);
        var b = join(B)) {
      assertThat(a.claim(Bytes.gib(3), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      a.publish(Bytes.ZERO, true);
      assertThat(b.claim(Bytes.gib(2), Bytes.gib(1), Bytes.gib(3), true)).isFalse();
      assertThat(b.claim(Bytes.gib(1), Bytes.gib(1), Bytes.gib(3), true)).isTrue();
    }
  }

  @Test
  void theDeadAndThoseWhoLeftHoldNothing() throws IOException {
    try (var a = join(A)) {
      var b = join(B);
      assertThat(b.claim(Bytes.gib(2), Bytes.gib(4), Bytes.ZERO, true)).isTrue();
      assertThat(a.others().pending()).isEqualTo(Bytes.gib(2));
      alive.remove(B);
      assertThat(a.others().pending()).isEqualTo(Bytes.ZERO);
      alive.add(new ProcessKey(200, 9));
      assertThat(a.others().pending()).isEqualTo(Bytes.ZERO);
      alive.add(B);
      b.close();
      assertThat(a.others().pending()).isEqualTo(Bytes.ZERO);
    }
  }

  @Test
  void aTornOrForeignFileIsReadAsFarAsItGoes() throws IOException {
    Files.writeString(folder.resolve("runs"), "200 8 1048576 IDLE 4096\nnonsense\n300 4 \n-\n");
    try (var a = join(A)) {
      assertThat(a.others().pending()).isEqualTo(Bytes.mib(1));
      a.publish(Bytes.gib(1), true);
    }
    assertThat(Files.readString(folder.resolve("runs"))).isEqualTo("200 8 1048576 IDLE 4096\n");
  }

  @Test
  void theRuntimeFolderIsClosedToOthersAndNoLinkIsFollowed() throws IOException {
    var environment = Map.of("XDG_RUNTIME_DIR", folder.toString());
    Path made = UserFolder.runtime(environment);
    assertThat(Files.getPosixFilePermissions(made)).hasSize(3);
    assertThat(UserFolder.runtime(environment)).isEqualTo(made);
    Files.delete(made);
    Files.createSymbolicLink(made, Path.of("/tmp"));
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> UserFolder.runtime(environment))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a directory of this user");
  }
}
