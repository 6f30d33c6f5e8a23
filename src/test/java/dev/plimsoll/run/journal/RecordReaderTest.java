package dev.plimsoll.run.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plimsoll.model.ExitCode;
import dev.plimsoll.model.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RecordReaderTest {
  private static final String HEADER =
      """
      {"event":"shard","schema":1,"at":5,"shard":2,"of":3,"plan":"d","run":"r1","machine":{"name":"m","cores":2,"memoryBytes":8,"kind":"vm","cpu":""}}
      """;

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aRecordThatWasCutOffKeepsItsWholeLines() {
    var record = new RecordReader().read("f", in(HEADER + "{\"event\":\"en")).orElseThrow();
    assertThat(record.index()).isEqualTo(1);
    assertThat(record.summary()).isEmpty();
    assertThat(record.manifest()).isEmpty();
  }

  @Test
  void anEmptyRecordIsNone() {
    assertThat(new RecordReader().read("f", in(""))).isEmpty();
  }

  @Test
  void whatIsNoRecordIsAnErrorThatNamesTheFile() {
    for (String text :
        new String[] {
          "{\"event\":\"began\"}\n",
          "no json\n",
          HEADER.replace("\"shard\":2", "\"shard\":4"),
          HEADER.replace("\"schema\":1", "\"schema\":2"),
          HEADER + "{\"event\":\"ended\",\"result\":7}\n",
          HEADER + "{\"event\":\"summary\",\"run\":{}}\n"
        }) {
      assertThatThrownBy(() -> new RecordReader().read("file", in(text)))
          .as(text)
          .isInstanceOfSatisfying(
              UserError.class,
              error -> {
                assertThat(error.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
                assertThat(error.what()).contains("`file`");
              });
    }
  }

  /// Damage ends in a record or in an error for the user, never in another exception.
  @Test
  void damagedRecordsNeverEndTheProgram() {
    String good = HEADER + "{\"event\":\"manifest\",\"digest\":\"x\"}\n{\"event\":\"finished\"}\n";
    for (int seed = 0; seed < 500; seed++) {
      var random = new SplittableRandom(seed);
      byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        new RecordReader().read("f", new ByteArrayInputStream(bytes));
      } catch (UserError error) {
        assertThat(error.exitCode()).isEqualTo(ExitCode.INCOMPLETE);
      }
    }
  }

  @Test
  void aLineOrAFileWithoutEndIsRefused() {
    assertThatThrownBy(() -> new BoundedLines(endless(), Long.MAX_VALUE).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("a line is longer");
    assertThatThrownBy(() -> new BoundedLines(endless(), 1 << 20).next())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is larger");
  }

  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 'x';
      }
    };
  }
}
