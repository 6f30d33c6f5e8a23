package dev.plimsoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
  private static String limits(String soft) {
    return """
    Limit                     Soft Limit           Hard Limit           Units
    Max processes             94000                94000                processes
    Max open files            %-20s 1048576              files
    """
        .formatted(soft);
  }

  @Test
  void onlyALowLimitIsAnError() {
    assertThat(OpenFiles.tooFew(limits("47")).orElseThrow().hint()).contains("ulimit -n");
    assertThat(OpenFiles.tooFew(limits("48"))).isEmpty();
    assertThat(OpenFiles.tooFew(limits("1073741816"))).isEmpty();
    assertThat(OpenFiles.tooFew(limits("unlimited"))).isEmpty();
    assertThat(OpenFiles.tooFew("")).isEmpty();
  }
}
