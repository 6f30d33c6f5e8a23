package dev.plimsoll.engine.pytest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HostOutputTest {
  private static List<String> passedOn(byte[]... parts) throws IOException {
    List<InputStream> streams =
        Stream.of(parts).map(part -> (InputStream) new ByteArrayInputStream(part)).toList();
    var all = new SequenceInputStream(Collections.enumeration(streams));
    var texts = new ArrayList<String>();
    new HostOutput(all).passOn(message -> texts.add(((HostMessage.Output) message).text()));
    return texts;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void wholeLinesArePassedOnAndTheRestAtTheEnd() throws Exception {
    assertThat(passedOn(bytes("one\ntw"), bytes("o\nthree\nfo"), bytes("ur")))
        .containsExactly("one\n", "two\nthree\n", "four");
  }

  @Test
  void aCharacterThatComesInTwoPartsStaysWhole() throws Exception {
    byte[] ship = bytes("a 🚢\n");
    byte[] first = {ship[0], ship[1], ship[2], ship[3]};
    byte[] second = {ship[4], ship[5], ship[6]};
    assertThat(passedOn(first, second)).containsExactly("a 🚢\n");
  }

  @Test
  void aLongLineComesInParts() throws Exception {
    List<String> texts = passedOn(bytes("x".repeat(200_000) + "\nend\n"));
    assertThat(texts).hasSizeGreaterThan(2);
    assertThat(String.join("", texts)).isEqualTo("x".repeat(200_000) + "\nend\n");
    assertThat(texts).allSatisfy(text -> assertThat(text.length()).isLessThan(80_000));
  }

  @Test
  void aMessageWaitsForWhatIsBeingPassedOn() throws Exception {
    var order = new CopyOnWriteArrayList<String>();
    var reading = new CountDownLatch(1);
    var output = new HostOutput(new ByteArrayInputStream(bytes("header\n")));
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                output.passOn(message -> {
                  reading.countDown();
                  pause();
                  order.add("output");
                });
              } catch (IOException e) {
                order.add(e.toString());
              }
            });
    reading.await();
    output.awaitPassedOn();
    order.add("message");
    reader.join();
    assertThat(order).containsExactly("output", "message");
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
