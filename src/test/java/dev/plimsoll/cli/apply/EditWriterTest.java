package dev.plimsoll.cli.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditWriterTest {
  @TempDir private Path root;

  private FileEdit edit(String name, String after) throws IOException {
    Path file = root.resolve(name);
    Optional<String> before =
        Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    return new FileEdit(file, name, before, after, false);
  }

  @Test
  void aFileThatChangedMeanwhileStopsAll() throws IOException {
    Files.writeString(root.resolve("b"), "old");
    List<FileEdit> edits = List.of(edit("a", "new"), edit("b", "new"));
    Files.writeString(root.resolve("b"), "of another program");
    assertThatThrownBy(() -> EditWriter.write(edits))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("`b` changed at the same time");
    assertThat(root.resolve("a")).doesNotExist();
    assertThat(root.resolve("b")).hasContent("of another program");
  }

  @Test
  void aFileThatAppearedMeanwhileStopsAll() throws IOException {
    List<FileEdit> edits = List.of(edit("a", "new"));
    Files.writeString(root.resolve("a"), "mine");
    assertThatThrownBy(() -> EditWriter.write(edits)).isInstanceOf(UserError.class);
    assertThat(root.resolve("a")).hasContent("mine");
  }

  /// The folder of the last file turns out to be a file when it is to be made.
  @Test
  void whatWasWrittenIsTakenBackWhenALaterFileFails() throws IOException {
    Files.writeString(root.resolve("b"), "old");
    Files.writeString(root.resolve("c"), "no folder");
    var edits = List.of(edit("a", "new"), edit("b", "new"), edit("c/d", "new"));
    assertThatThrownBy(() -> EditWriter.write(edits)).isInstanceOf(UserError.class);
    assertThat(root.resolve("a")).doesNotExist();
    assertThat(root.resolve("b")).hasContent("old");
    assertThat(root.resolve("c")).hasContent("no folder");
  }
}
