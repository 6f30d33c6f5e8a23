package dev.plimsoll.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.plimsoll.Golden;
import dev.plimsoll.cli.CommandRun;
import dev.plimsoll.memory.SystemRoot;
import dev.plimsoll.memory.Systems;
import dev.plimsoll.memory.containment.ContainmentLadder;
import dev.plimsoll.memory.containment.ContainmentProbe.Attempt;
import dev.plimsoll.memory.kernellog.KernelLog;
import dev.plimsoll.model.Bytes;
import dev.plimsoll.model.ProcessKey;
import dev.plimsoll.process.Competitor;
import dev.plimsoll.schedule.budget.BudgetRule;
import dev.plimsoll.schedule.budget.Reserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag(Golden.TAG)
class DoctorCommandTest {
  /// What doctor says of each captured machine, in `src/test/resources/doctor`.
  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "laptop-v2",
        "docker-v1",
        "docker-v2",
        "hybrid",
        "wsl2-4.19",
        "wsl2-5.15",
        "wsl2-6.18",
        "gvisor",
        "kernel-3.10",
        "nothing"
      })
  void saysWhatAMachineOffers(String system) throws IOException {
    List<Finding> findings =
        MachineCheck.of(Systems.of(system), new BudgetRule.Auto(), Reserve.USUAL);
    String said = DoctorCommand.text(findings);
    Golden.check("doctor/" + system + ".txt", said);
    assertThat(findings)
        .filteredOn(finding -> finding.status() != Finding.Status.GOOD)
        .allSatisfy(finding -> assertThat(finding.todo()).isNotEmpty());
  }

  /// As in pods since Kubernetes 1.28.
  @Test
  void aCgroupThatTheKernelKillsAsAWholeIsSaid(@TempDir Path folder) throws IOException {
    Path original = Systems.of("docker-v2").path();
    try (var files = Files.walk(original)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = folder.resolve(original.relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
    Path group = folder.resolve("sys/fs/cgroup/memory.oom.group");
    Files.writeString(group, "0\n");
    assertThat(said(folder)).doesNotContain("memory.oom.group");
    Files.writeString(group, "1\n");
    assertThat(said(folder)).contains("note     cgroup `/` has `memory.oom.group`");
  }

  private static String said(Path system) {
    return DoctorCommand.text(
        MachineCheck.of(new SystemRoot(system), new BudgetRule.Auto(), Reserve.USUAL));
  }

  @Test
  void eachMethodIsReportedWithItsResult() {
    var findings =
        MachineCheck.containment(
            List.of(
                new Attempt(ContainmentLadder.DELEGATED_V2, false, "systemd is not running here"),
                new Attempt(
                    ContainmentLadder.WRITABLE_V2, false, "refused: /x: Device or resource busy")));
    assertThat(DoctorCommand.text(findings))
        .isEqualTo(
            """
            containment
              no       a cgroup v2 delegated by systemd: systemd is not running here
              no       a writable cgroup v2: refused: /x: Device or resource busy
              note     the kernel cannot enforce memory limits for workers here; Plimsoll only watches them
                       hint: run inside a systemd user session, or in a container as root with writable control groups
            """);
  }

  @Test
  void competitorsComeWithMemoryPortAndWhatToDo() {
    var key = new ProcessKey(812, 5);
    var ollama = new Competitor("ollama", key, Set.of(key), "ollama serve", List.of(11434), true);
    assertThat(DoctorCommand.text(List.of(DoctorCommand.competitor(ollama, Bytes.gib(4)))))
        .isEqualTo(
            """
            competitors
              note     `ollama serve` (pid 812, port 11434) holds 4.0 GiB
                       hint: stop it before a run (`kill 812`), or let Plimsoll: `[preflight] conflicts = ["ollama"]`, `action = "stop"`
            """);
  }

  @Test
  void aLogThatCannotBeReadIsSaid() {
    try (var log = KernelLog.open(Systems.of("nothing"))) {
      if (!log.isReadable()) {
        assertThat(MachineCheck.evidence(log).getFirst().todo()).contains("adm");
      }
    }
  }

  @Test
  void looksAtThisMachine() throws IOException {
    CommandRun text = CommandRun.of("doctor");
    assertThat(text.exitCode()).isZero();
    assertThat(text.out()).contains("machine\n", "memory\n", "containment\n", "tools\n");
    CommandRun json = CommandRun.of("doctor", "--json");
    var findings = new ArrayList<>((List<?>) JSON.std.mapFrom(json.out()).get("findings"));
    assertThat(findings).hasSizeGreaterThan(8);
  }
}
