package dev.plimsoll.cli.groups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.cli.ProgramRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `plimsoll groups suggest` after real runs of a real suite in which one file of the light group
/// takes 200 MB.
class GroupsSuggestIT {
  private static final String LARGE = "tests/test_import.py";

  @TempDir private Path folder;

  @Test
  void aLargeFileAmongSmallOnesIsMovedAndThenThereIsSilence() throws Exception {
    write(LARGE, "def test_import():\n    assert len(b'1' * (200 << 20)) > 0\n");
    for (int i = 0; i < 5; i++) {
      write("tests/test_small_" + i + ".py", "def test_small():\n    pass\n");
    }
    write("tests/test_off.py", "import pytest\n@pytest.mark.skip\ndef test_off():\n    pass\n");
    var little = suggest();
    assertThat(little.out()).isEmpty();
    assertThat(little.err()).contains("0 of 7 files measured in 0 runs", "hint: the others need 3");
    for (int run = 0; run < 3; run++) {
      var passed = ProgramRun.of(folder, "run", "--quiet", "--memory", "2g");
      assertThat(passed.exitCode()).as(passed.out() + passed.err()).isZero();
    }

    var found =
        (List<?>)
            Objects.requireNonNull(JSON.std.mapFrom(suggest("--json").out()).get("suggestions"));
    assertThat(found).hasSize(1);
    assertThat(String.valueOf(found.getFirst()))
        .contains("file=" + LARGE, "from=light", "to=heavy", "kind=memory");
    assertThat(suggest("--apply").out())
        .startsWith(
            LARGE + ": moved from light to heavy\n  why: `" + LARGE + "::test_import` takes 2");
    assertThat(suggest().err())
        .contains(
            "6 of 7 files measured in 3 runs", "1 file with skipped tests only", "no files to move")
        .doesNotContain("hint");

    assertThat(ProgramRun.of(folder, "groups", "explain", LARGE).out())
        .startsWith(LARGE + " is in heavy\n")
        .contains("moved to heavy: `" + LARGE + "::test_import` takes 2");
    assertThat(ProgramRun.of(folder, "groups", "check").exitCode())
        .as("the lists that it wrote are complete")
        .isZero();
    ProgramRun.of(folder, "groups", "sync");
    assertThat(ProgramRun.of(folder, "groups", "list", "heavy").out()).isEqualTo(LARGE + "\n");
  }

  private ProgramRun suggest(String... options) throws Exception {
    var command = new ArrayList<>(List.of("groups", "suggest"));
    command.addAll(List.of(options));
    return ProgramRun.of(folder, command.toArray(String[]::new));
  }

  private void write(String file, String text) throws Exception {
    Files.createDirectories(folder.resolve(file).getParent());
    Files.writeString(folder.resolve(file), text);
  }
}
