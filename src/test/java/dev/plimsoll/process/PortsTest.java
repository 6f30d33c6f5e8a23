package dev.plimsoll.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  private final Ports ports = new Ports(Path.of("/proc"));

  @Test
  void namesTheProcessThatListens() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = socket.getLocalPort();
      assertThat(ports.isTaken(port)).isTrue();
      var listener = ports.listeners(port).getFirst();
      assertThat(listener.pid()).isEqualTo(ProcessHandle.current().pid());
      assertThat(listener.command()).contains("java");
      assertThat(listener.folder()).isEqualTo(Path.of("").toAbsolutePath().toString());
    }
  }

  @Test
  void aClosedPortIsFree() throws Exception {
    int port;
    try (var socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThat(ports.isTaken(port)).isFalse();
    assertThat(ports.listeners(port)).isEmpty();
  }

  @Test
  void seesAPortWhoseProcessItMayNotSee(@TempDir Path proc) throws Exception {
    Files.createDirectories(proc.resolve("net"));
    Files.writeString(
        proc.resolve("net/tcp"),
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 20480 1
           1: 0100007F:0BB9 0100007F:0BB8 01 00000000:00000000 00:00000000 00000000  1000        0 20481 1
        """);
    var foreign = new Ports(proc);
    assertThat(foreign.isTaken(3000)).isTrue();
    assertThat(foreign.isTaken(3001)).isFalse();
    assertThat(foreign.listeners(3000)).isEmpty();
  }
}
